"""Partnership: what ties a host and a developer, as the merger rules ask for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from riskassess.catalog.models.source import Source
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.recording import Realm, recorded


@recorded(Realm.COMPANY)
class Partnership(models.Model):
    """One tie between two vendors; what is None is unknown."""

    class Review(models.TextChoices):
        NEVER = "never", "Never reviewed"
        OPEN = "open", "Review open"
        CLOSED = "closed", "Review closed"

    host = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="ties_as_host")
    developer = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="ties_as_developer")
    equity_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    exclusivity = models.BooleanField(null=True, blank=True)
    board_right = models.BooleanField(null=True, blank=True)
    compute_dependency = models.BooleanField(null=True, blank=True)
    cma_status = models.CharField(max_length=6, choices=Review.choices, null=True, blank=True)
    changed_since_decision = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="partnerships"
    )

    objects = CatalogQuerySet["Partnership"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "developer"], name="partnership_once"),
            models.CheckConstraint(condition=~Q(host=F("developer")), name="partnership_of_two"),
            models.CheckConstraint(
                condition=Q(equity_pct__isnull=True) | Q(equity_pct__gte=0, equity_pct__lte=100),
                name="partnership_equity_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} and {self.developer}"

    def get_absolute_url(self) -> str:
        """Where it is read: among the ties of the company that hosts."""
        return f"{self.host.get_absolute_url()}#ties"
