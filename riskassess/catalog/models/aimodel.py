"""AIModel: what a developer made, whoever sells it. Any of it may be unknown, the name included."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from riskassess.catalog.models.source import Source
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.recording import Realm, recorded
from riskassess.routes import address


class StatedFields(models.Model):
    """Columns in which None is *unknown*, and `not_applicable` names those that do not apply.

    For a record from a spreadsheet, `origin` and `origin_row` lead to the cell of each value.
    """

    not_applicable = models.JSONField(default=list, blank=True)
    origin = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    origin_row = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    def stated(self, attribute: str) -> Stated[object]:
        """The attribute as known (with its source), unknown or not applicable."""
        source = self.origin.as_kernel(attribute, self.origin_row) if self.origin else None
        if attribute in self.not_applicable:
            return NotApplicable(because="stated so", source=source)
        value = getattr(self, attribute)
        return Unknown(source=None) if value is None else Known(value, source)


@recorded(Realm.COMPANY)
class AIModel(StatedFields):
    """A model of a developer, in one version. `label` is what it is called while its name is unknown."""

    developer = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="models"
    )
    name = models.CharField(max_length=200, null=True, blank=True)
    label = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=60, null=True, blank=True)
    slug = models.SlugField(max_length=255, unique=True)
    identity = models.CharField(max_length=500, unique=True, editable=False)
    family = models.CharField(max_length=100, null=True, blank=True)
    modality = models.CharField(max_length=200, null=True, blank=True)
    purpose = models.CharField(max_length=300, null=True, blank=True)
    context_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    max_output_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    knowledge_cutoff = models.CharField(max_length=20, null=True, blank=True)
    released = models.CharField(max_length=20, null=True, blank=True)
    licence = models.CharField(max_length=200, null=True, blank=True)
    open_weights = models.BooleanField(null=True, blank=True)
    general_purpose = models.BooleanField(null=True, blank=True)
    systemic_risk = models.BooleanField(null=True, blank=True)
    placed_on_eu_market = models.DateField(null=True, blank=True)
    co_developers = models.ManyToManyField(Vendor, blank=True, related_name="co_developed_models")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CatalogQuerySet["AIModel"].as_manager()

    class Meta:
        verbose_name = "AI model"
        ordering = ["name", "label"]
        indexes = [models.Index(fields=["name", "label"], name="model_in_list_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__isnull=False) | ~Q(label=""), name="model_can_be_called_something"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.label

    def get_absolute_url(self) -> str:
        return address("catalog:model", self.slug)
