"""QuestionSet, SetQuestion, SetUse: standard questionnaires as they were imported, and what they mean here.

A set that was used is never changed: another mapping of it is another revision.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from riskassess.accounts.models import User
from riskassess.accounts.querysets import read_by
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address


class QuestionSetQuerySet(CatalogQuerySet["QuestionSet"]):
    def counted(self, user: User) -> Self:
        """Each with its questions (`asked`), those somebody has judged (`judged`), and inquiries with it (`used`).

        `used` counts the inquiries of the units whose work `user` may read. `is_fixed` holds for everybody: that
        some unit asked with it, so that it cannot be changed.
        """
        read_by_user = read_by(user, "uses__inquiry__unit")
        return self.annotate(
            asked=models.Count("questions", distinct=True),
            judged=models.Count("questions", filter=Q(questions__mapped_at__isnull=False), distinct=True),
            used=models.Count("uses", filter=read_by_user, distinct=True),
            is_fixed=models.Exists(SetUse.objects.filter(question_set=models.OuterRef("pk"))),
        )


@recorded(Realm.COMPANY)
class QuestionSet(models.Model):
    """One version of one publisher's questionnaire; the company's, so that every member reads it.

    `revision` counts what we have made of it: the words stay, what its questions mean here may differ.
    """

    name = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=60, blank=True, help_text="As its publisher names it.")
    revision = models.PositiveSmallIntegerField(default=1)
    licence = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=500, blank=True)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    left_out: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="Rows that are no questions: sheet, cell, words, why."
    )
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "version", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "publisher", "version", "revision"], name="question_set_revision_once"
            )
        ]

    def __str__(self) -> str:
        said = " ".join(filter(None, (self.name, self.version)))
        return f"{said}, revision {self.revision}" if self.revision > 1 else said

    def get_absolute_url(self) -> str:
        return address("questionnaires:set", self.pk)

    @property
    def left_out_shown(self) -> list[dict[str, Any]]:
        """The rows that are no questions, as far as they are kept."""
        return [one for one in self.left_out if "more" not in one]

    @property
    def left_out_count(self) -> int:
        """How many rows of the file are no questions, those that are not kept as well."""
        return sum(one.get("more", 1) for one in self.left_out)


@recorded(Realm.COMPANY, about=("question_set",))
class SetQuestion(models.Model):
    """One question of a set, and what a person says it means here.

    `key` is the question of an assessment that it bears on, `levels` what each of its answers means for a factor.
    Judged and without a key, its answers are kept as evidence; not judged, nobody has looked yet. `suggested` is what
    the questionnaire's own warnings say of its answers.
    """

    question_set = models.ForeignKey(QuestionSet, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    help = models.TextField(blank=True)
    kind = models.CharField(max_length=10)
    choices: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    suggested: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    sheet = models.CharField(max_length=100)
    cell = models.CharField(max_length=20)
    key = models.CharField(max_length=60, blank=True)
    levels: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    mapped_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mapped_at = models.DateTimeField(null=True, blank=True)

    objects = Recorded["SetQuestion"].as_manager()

    class Meta:
        ordering = ["question_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "position"], name="set_position_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["one", "many"]) | ~Q(choices=[]), name="set_choice_has_choices"
            ),
            models.CheckConstraint(
                condition=Q(mapped_at__isnull=False, mapped_by__isnull=False)
                | Q(mapped_at__isnull=True, mapped_by__isnull=True, key=""),
                name="set_mapped_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.text


@recorded(Realm.UNIT, about=("inquiry",), unit="inquiry.unit_id")
class SetUse(models.Model):
    """That an inquiry asks questions of a set: from then on the set stays as it is."""

    inquiry = models.ForeignKey("questionnaires.Inquiry", on_delete=models.CASCADE, related_name="set_uses")
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="uses")

    objects = Recorded["SetUse"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "question_set"], name="set_use_once")]

    def __str__(self) -> str:
        return f"{self.question_set} in inquiry {self.inquiry_id}"
