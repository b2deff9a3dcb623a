from __future__ import annotations

from django.contrib import admin

from riskassess.assessments.models import Mitigation


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
