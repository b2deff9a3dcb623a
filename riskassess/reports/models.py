"""ReportFile: a report that was made, found again by what it was made from."""

from __future__ import annotations

from typing import Self

from django.db import models

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.models import Job


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def visible_to(self, user: User) -> Self:
        """The reports of the units whose work `user` may read."""
        return self.filter(run__assessment__unit__in=BusinessUnit.objects.visible_to(user))


class ReportFile(models.Model):
    """One PDF, workbook or archive of one run. The row is there from the request; the file when it is made."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Workbook"
        # PDF/A-3a, with the workbook and the run's record inside.
        ARCHIVE = "pdfa", "Archive PDF"

    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="reports")
    format = models.CharField(max_length=4, choices=Format.choices)
    # What, besides the run, the file shows: the template's version and the decision taken on the run.
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
