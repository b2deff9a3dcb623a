"""Claim, OpenQuestion, BriefingPoint, Coverage: what is said, what it rests on, what nobody has said.

Document has a module of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Prefetch, Q

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by
from riskassess.catalog.models import AIModel, Offering, Source, Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.evidence.document import ClaimDocument as ClaimDocument
from riskassess.evidence.document import Document as Document
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address


class ClaimQuerySet(CatalogQuerySet["Claim"]):
    def visible_to(self, user: User) -> Self:
        """The claims everybody reads, and those of the units whose work `user` may read."""
        return super().visible_to(user).filter(Q(unit__isnull=True) | read_by(user))

    def about(self, offering: Offering) -> Self:
        """Claims that bear on an offering: on itself, on its model, or on its developer as a whole.

        An answer to a questionnaire bears on nothing until somebody says what kind of claim it is.
        """
        developer = offering.model.developer_id
        whole_vendor = (
            Q(vendor=developer, model__isnull=True, offering__isnull=True) if developer else Q(pk__in=[])
        )
        return self.exclude(kind=Claim.Kind.DISCLOSURE).filter(
            Q(offering=offering) | Q(model=offering.model, offering__isnull=True) | whole_vendor
        )

    def with_sources(self) -> Self:
        """Each claim with its sources: two queries for any number of claims.

        Sources are joined to their links: fetched after them, more than a thousand are too many for SQLite, to which
        Django then writes a condition a source.
        """
        links = Prefetch("links", ClaimSource.objects.select_related("source"))
        return self.select_related("vendor", "model", "offering").prefetch_related(links)


@recorded(Realm.COMPANY, unit="unit_id")
class Claim(models.Model):
    """A statement that somebody makes about a vendor, a model or an offering, and how well it is shown."""

    class Kind(models.TextChoices):
        COST = "cost", "Cost or efficiency"
        PERFORMANCE = "performance", "Performance"
        PARITY = "parity", "Parity with another model"
        SAFETY = "safety", "Safety"
        CLINICAL = "clinical_accuracy", "Clinical accuracy"
        BIAS = "bias", "Bias"
        COMPLIANCE = "compliance", "Compliance"
        PROVENANCE = "provenance", "Provenance of data or model"
        DISCLOSURE = "disclosure", "Answer to a questionnaire"

    class Substantiation(models.IntegerChoices):
        NONE = 0, "stated, not shown"
        SUMMARY = 1, "vendor summary"
        COMMISSIONED = 2, "commissioned test"
        PROTOCOL = 3, "full protocol and data"
        OWN = 4, "reproduced by us"
        REPLICATED = 5, "independently replicated"

    class Verification(models.IntegerChoices):
        VERIFIED = 1, "verified by us or independently"
        CORROBORATED = 2, "corroborated by sources of different origin"
        ARTEFACT = 3, "one documented artefact"
        STATED = 4, "stated only"
        DISPUTED = 5, "disputed"
        REFUTED = 6, "refuted or not assessable"

    class Interest(models.TextChoices):
        SELF = "self", "Gains from a good rating"
        ADVERSE = "adverse", "Gains from a bad rating"
        NEUTRAL = "neutral", "Neutral"

    key = models.SlugField(max_length=80, unique=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="claims")
    model = models.ForeignKey(AIModel, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    unit = models.ForeignKey(
        BusinessUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="claims",
        help_text="Empty: everybody reads it. An answer to a unit's own inquiry is the unit's.",
    )  # fmt: skip
    title = models.CharField(max_length=200)
    statement = models.TextField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    substantiation = models.PositiveSmallIntegerField(choices=Substantiation.choices)
    verification = models.PositiveSmallIntegerField(choices=Verification.choices)
    interest = models.CharField(max_length=8, choices=Interest.choices)
    headline = models.BooleanField(default=False, help_text="A headline capability claim: rule CL1 reads it.")
    # Which factors the claim bears on, and at which level (0 best to 4 worst) it puts them if it is so.
    decides = models.JSONField(default=dict, blank=True, help_text='Such as {"PRV-DAT": 3}.')
    made_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(
        auto_now_add=True, null=True, db_index=True, help_text="Empty: before this was kept."
    )
    sources = models.ManyToManyField(Source, through="ClaimSource", related_name="claims")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["vendor__name", "-headline", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(substantiation__lte=5), name="claim_substantiation_0_to_5"),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(kind="disclosure"), name="claim_of_a_unit_decides_nothing"
            ),
            models.CheckConstraint(
                condition=Q(verification__gte=1, verification__lte=6), name="claim_verification_1_to_6"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("evidence:claim", self.key)


@recorded(Realm.COMPANY, about=("claim",), unit="source.unit_id")
class ClaimSource(models.Model):
    """That a source supports or contradicts a claim, in which words."""

    class Relation(models.TextChoices):
        STATES = "states", "states it"
        SUPPORTS = "supports", "supports it"
        CONTRADICTS = "contradicts", "contradicts it"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claim_links")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    quote = models.TextField(blank=True)
    cell = models.CharField(max_length=12, blank=True, help_text="Where it stands in an imported sheet.")

    objects = Recorded["ClaimSource"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "source", "relation"], name="claim_source_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_relation_display()}"


class OpenQuestionQuerySet(CatalogQuerySet["OpenQuestion"]):
    def visible_to(self, user: User) -> Self:
        """The questions everybody reads, and those of the units whose work `user` may read."""
        return super().visible_to(user).filter(Q(unit__isnull=True) | read_by(user))

    def unanswered(self) -> Self:
        return self.filter(state__in=[OpenQuestion.State.OPEN, OpenQuestion.State.ASKED])


@recorded(Realm.COMPANY, unit="unit_id")
class OpenQuestion(models.Model):
    """Something nobody has said yet, what it concerns, and what an answer would decide."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="questions")
    model = models.ForeignKey(
        AIModel, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    unit = models.ForeignKey(
        BusinessUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="questions",
        help_text="Empty: everybody reads it. A question that came from a unit's own assessment is the unit's.",
    )  # fmt: skip
    text = models.TextField()
    decides = models.CharField(
        max_length=200, help_text="The factor, rule or record that an answer would settle."
    )
    proof = models.CharField(max_length=200, blank=True, help_text="What would count as an answer.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    raised_on = models.DateField(default=date.today)

    objects = OpenQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["state", "vendor__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="answered_has_an_answer"
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return address("evidence:question", self.pk)


@recorded(Realm.COMPANY, about=("vendor",))
class BriefingPoint(models.Model):
    """One line of a vendor's briefing. It is never free text only: it rests on a record."""

    class Section(models.TextChoices):
        INSIGHT = "insight", "Key insight"
        RISK = "risk", "Risk"
        OPPORTUNITY = "opportunity", "Opportunity"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="briefing_points")
    section = models.CharField(max_length=12, choices=Section.choices)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    affected = models.CharField(
        max_length=200, blank=True, help_text="Who is hurt, or who gains and through what."
    )
    bears_on = models.CharField(
        max_length=100, blank=True, help_text="Factors and rules, such as `DAT-RES, EUR4`."
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="briefing_points"
    )
    question = models.ForeignKey(
        OpenQuestion, null=True, blank=True, on_delete=models.PROTECT, related_name="briefing_points"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="briefing_points"
    )
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="briefing_points"
    )

    objects = Recorded["BriefingPoint"].as_manager()

    class Meta:
        ordering = ["vendor", "section", "position"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "section", "position"], name="briefing_position_once"),
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(question__isnull=False) | Q(source__isnull=False),
                name="briefing_rests_on_a_record",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@recorded(Realm.COMPANY, about=("vendor",))
class Coverage(models.Model):
    """What one outlet made of a vendor's news: its framing, and what only it adds."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="coverage")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="coverage")
    framing = models.CharField(max_length=300)
    only_here = models.CharField(max_length=300, blank=True)
    first_report = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = Recorded["Coverage"].as_manager()

    class Meta:
        verbose_name_plural = "coverage"
        ordering = ["vendor", "position"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "source"], name="coverage_once"),
            models.UniqueConstraint(
                fields=["vendor"], condition=Q(first_report=True), name="coverage_one_first_report"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.publisher} on {self.vendor}"
