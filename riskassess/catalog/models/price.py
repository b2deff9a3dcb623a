"""Price: what one unit costs, by whom it was stated and when. Free is 0; no row is unknown."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

from django.db import models
from django.db.models import Q

from riskassess.catalog.identity import price_key
from riskassess.catalog.models.offering import Offering
from riskassess.catalog.models.source import Source
from riskassess.recording import Realm, Recorded, recorded


@recorded(Realm.COMPANY, about=("offering",))
class Price(models.Model):
    """One price of an offering. The newest of a kind is the current one; older rows are its history.

    A kind has one usual price, and others under a condition each: they are current side by side.
    """

    class Kind(models.TextChoices):
        INPUT = "input", "Input"
        OUTPUT = "output", "Output"
        CACHE_READ = "cache_read", "Cached input"
        CACHE_WRITE = "cache_write", "Cache write"
        REASONING = "reasoning", "Reasoning"
        AUDIO_INPUT = "audio_input", "Audio input"
        AUDIO_OUTPUT = "audio_output", "Audio output"
        IMAGE_INPUT = "image_input", "Image input"
        IMAGE_OUTPUT = "image_output", "Image output"
        IMAGE_TOKENS_IN = "image_tok_in", "Image input, by token"
        IMAGE_TOKENS_OUT = "image_tok_out", "Image output, by token"
        TIME_INPUT = "time_input", "Input, by time"
        TIME_OUTPUT = "time_output", "Output, by time"
        CHARACTERS = "characters", "By character"
        PAGES = "pages", "By page"
        REQUESTS = "requests", "By request"
        SEATS = "seats", "By user"
        FLAT = "flat", "Per unit"

    # Found by the constraint, which starts with it.
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="prices", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    condition = models.CharField(
        max_length=60, blank=True,
        help_text="What must hold for this price, such as “batch” or “> 200K tokens”; empty for the usual one.",
    )  # fmt: skip
    amount = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    unit = models.CharField(max_length=40, default="1M tokens")
    currency = models.CharField(max_length=3, default="USD")
    as_of = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="prices")
    row = models.PositiveIntegerField(null=True, blank=True)
    raw = models.CharField(max_length=200, blank=True)

    objects = Recorded["Price"].as_manager()

    class Meta:
        ordering = ["offering", "kind", "condition", "-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "kind", "condition", "as_of", "source"], name="price_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=False, not_applicable=False)
                | Q(amount__isnull=True, not_applicable=True),
                name="price_amount_or_not_applicable",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called}: {self.shown}"

    @property
    def called(self) -> str:
        """The kind in words, with the condition where there is one."""
        kind = self.get_kind_display()
        return f"{kind}, {self.condition}" if self.condition else kind

    @property
    def shown(self) -> str:
        """`2.00 USD per 1M tokens`, `free`, or `not applicable`; never fewer digits than were stated."""
        if self.amount is None:
            return "not applicable"
        if self.amount == 0:
            return "free"
        return f"{plain(self.amount)} {self.currency or '(currency not stated)'} per {self.unit}"

    @property
    def attribute(self) -> str:
        """As its source's columns name it. A condition of the row, not of a column, leaves the usual name."""
        return price_attribute(self.kind, self.condition, self.source.columns)

    @property
    def cell(self) -> str:
        """The cell that states it."""
        return self.source.cell(self.attribute, self.row)


def plain(amount: Decimal) -> str:
    """A decimal with at least two places and no needless zeros."""
    text = f"{amount.normalize():f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')}"


def price_attribute(kind: str, condition: str, columns: Container[str]) -> str:
    """What a source with these columns calls a price: of its kind and condition, or of its kind alone."""
    exact = f"price_{price_key(kind, condition)}"
    return exact if exact in columns else f"price_{kind}"
