from __future__ import annotations

from django.contrib import admin

from riskassess.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    list_display = ("kind", "state", "unit", "attempts", "progress_note", "created_at", "finished_at")
    list_filter = ("kind", "state")
    readonly_fields = [field.name for field in Job._meta.fields]
