"""Evidence for administrators: claims with their sources, questions, briefing points, coverage, documents."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from riskassess.evidence.models import BriefingPoint, Claim, ClaimSource, Coverage, Document, OpenQuestion


class ClaimSourceInline(admin.TabularInline[ClaimSource, Claim]):
    model = ClaimSource
    extra = 0
    autocomplete_fields = ("source",)


@admin.register(Claim)
class ClaimAdmin(admin.ModelAdmin[Claim]):
    list_display = ("title", "vendor", "kind", "substantiation", "verification", "headline")
    list_filter = ("kind", "substantiation", "headline")
    search_fields = ("title", "statement", "vendor__name")
    list_select_related = ("vendor",)
    prepopulated_fields = {"key": ("title",)}
    autocomplete_fields = ("vendor", "model", "offering")
    inlines = (ClaimSourceInline,)


@admin.register(OpenQuestion)
class OpenQuestionAdmin(admin.ModelAdmin[OpenQuestion]):
    list_display = ("text", "vendor", "unit", "state", "decides", "raised_on")
    list_filter = ("state",)
    search_fields = ("text", "decides", "vendor__name")
    list_select_related = ("vendor", "unit")
    autocomplete_fields = ("vendor", "model", "offering", "claim", "unit")


@admin.register(BriefingPoint)
class BriefingPointAdmin(admin.ModelAdmin[BriefingPoint]):
    list_display = ("title", "vendor", "section", "position")
    list_filter = ("section",)
    search_fields = ("title", "vendor__name")
    list_select_related = ("vendor",)
    autocomplete_fields = ("vendor", "claim", "question", "source", "offering")


@admin.register(Coverage)
class CoverageAdmin(admin.ModelAdmin[Coverage]):
    list_display = ("source", "vendor", "framing", "first_report")
    search_fields = ("framing", "vendor__name", "source__publisher")
    list_select_related = ("vendor", "source")
    autocomplete_fields = ("vendor", "source")


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin[Document]):
    """Read only: a file comes in and goes through `documents`, which checks it and keeps its hash."""

    list_display = ("name", "unit", "kind", "size", "expires_on", "uploaded_at")
    search_fields = ("name", "sha256")
    list_select_related = ("unit",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False
