"""Assessments for administrators: what their own pages set, to read here."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from riskassess.assessments.models import Mitigation, Reminder, RiskAppetite


@admin.register(Mitigation)
class MitigationAdmin(admin.ModelAdmin[Mitigation]):
    """To look at. Controls are planned and changed on the pages, which check who may and score anew."""

    list_display = ("title", "assessment", "status", "owner", "due_on", "changed_at")
    list_filter = ("status",)
    list_select_related = ("assessment__offering",)
    search_fields = ("title", "key", "owner")
    readonly_fields = [field.name for field in Mitigation._meta.fields]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: Mitigation | None = None) -> bool:
        return False


@admin.register(Reminder)
class ReminderAdmin(admin.ModelAdmin[Reminder]):
    """To look at: who was written to, and when."""

    list_display = ("person", "day", "state", "dates", "sent_at")
    list_filter = ("state", "day")
    list_select_related = ("person",)
    readonly_fields = [field.name for field in Reminder._meta.fields]

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: Reminder | None = None) -> bool:
        return False


@admin.register(RiskAppetite)
class RiskAppetiteAdmin(admin.ModelAdmin[RiskAppetite]):
    """To look at. A version is set on its own page, with a preview and a reason, and is never changed."""

    list_display = (
        "version",
        "approve",
        "conditional",
        "reject",
        "coverage_percent",
        "since",
        "set_by",
        "set_at",
    )
    list_select_related = ("set_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RiskAppetite | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RiskAppetite | None = None) -> bool:
        return False
