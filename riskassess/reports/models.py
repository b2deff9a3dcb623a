"""ReportFile and CombinedReport: what was made of one run, or of several, found again by what it was made from."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.models import Job


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def visible_to(self, user: User) -> Self:
        """The reports of the units whose work `user` may read."""
        return self.filter(read_by(user, "run__assessment__unit"))


class ReportFile(models.Model):
    """One PDF, workbook or archive of one run. The row is there from the request; the file when it is made."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Workbook"
        # PDF/A-3a, with the workbook and the run's record inside.
        ARCHIVE = "pdfa", "Archive PDF"

    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="reports")
    format = models.CharField(max_length=4, choices=Format.choices)
    language = models.CharField(max_length=8, default="en", db_default="en")
    # What, besides the run, the file shows: the template's version, the language, the decision taken on the run.
    version = models.CharField(max_length=64)
    file = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="reports")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["run", "format", "version"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.get_format_display()} of {self.run}"


class CombinedReportQuerySet(models.QuerySet["CombinedReport"]):
    def visible_to(self, user: User) -> Self:
        """Those of which `user` may read the work of every unit in them. Of no unit at all: nobody's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        hidden = BusinessUnit.objects.exclude(pk__in=BusinessUnit.objects.visible_to(user))
        whose = CombinedReport.units.through.objects.filter(combinedreport=OuterRef("pk"))
        return self.filter(Exists(whose)).exclude(units__in=hidden)


class CombinedReport(models.Model):
    """One file about several assessments: a comparison, a portfolio, or an archive of reports.

    The row is there from the request, the file when it is made. Who may read all that is in it shares the file:
    `version` is a digest of what it shows.
    """

    class Kind(models.TextChoices):
        COMPARISON = "comparison", "Comparison"
        PORTFOLIO = "portfolio", "Portfolio"
        BATCH = "batch", "Reports"

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Workbook"
        ZIP = "zip", "Archive of reports"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    format = models.CharField(max_length=4, choices=Format.choices)
    version = models.CharField(max_length=64)
    title = models.CharField(max_length=250)
    arguments: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="Ids of what it is made from."
    )
    units = models.ManyToManyField(BusinessUnit, related_name="+")
    file = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    problems: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="What of it could not be made: title, message and hint of each."
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="combined_reports")
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CombinedReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "format", "version"], name="combined_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()}: {self.title}"
