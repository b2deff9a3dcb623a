"""Evidence for administrators: claims with their sources, questions, briefing points, coverage, documents."""

from __future__ import annotations

from django.contrib import admin

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
    list_display = ("name", "unit", "size", "expires_on", "uploaded_at")
    search_fields = ("name", "sha256")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit", "source")
    readonly_fields = ("sha256", "size", "uploaded_by")
