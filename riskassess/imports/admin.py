"""Imports in the administration: to look at. They are made, applied and discarded on their own pages."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from riskassess.imports.models import Batch, Mapping


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin[Batch]):
    list_display = ("file_name", "sheet", "state", "unit", "uploaded_by", "uploaded_at")
    list_filter = ("state", "unit")
    search_fields = ("file_name", "sha256")
    list_select_related = ("unit", "uploaded_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Batch | None = None) -> bool:
        return False


@admin.register(Mapping)
class MappingAdmin(admin.ModelAdmin[Mapping]):
    """A remembered layout; deleting one means that its columns are proposed anew next time."""

    list_display = ("fingerprint", "unit", "saved_by", "saved_at")
    list_filter = ("unit",)
    readonly_fields = ("fingerprint", "unit", "saved_by", "saved_at", "columns")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
