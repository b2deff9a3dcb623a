"""The API's router: every resource under /api/v1/, and its OpenAPI schema."""

from __future__ import annotations

from typing import Any

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from riskassess.accounts.api import UnitViewSet
from riskassess.assessments.api import AssessmentViewSet, RunViewSet
from riskassess.assessments.decision_api import ConditionViewSet, DecisionViewSet
from riskassess.catalog.api import (
    AvailabilityViewSet,
    ModelViewSet,
    OfferingViewSet,
    PartnershipViewSet,
    ProductUseViewSet,
    RegionViewSet,
    RegisterEntryViewSet,
    SourceViewSet,
    VendorViewSet,
)
from riskassess.evidence.api import ClaimViewSet, OpenQuestionViewSet
from riskassess.evidence.document_api import DocumentViewSet
from riskassess.imports.api import BatchViewSet, RowViewSet
from riskassess.jobs.api import JobViewSet
from riskassess.questionnaires.api import InquiryViewSet
from riskassess.questionnaires.set_api import QuestionSetViewSet
from riskassess.reports.api import ReportViewSet
from riskassess.reports.changes_api import ReassessedViewSet, RunChangesViewSet
from riskassess.reports.combined_api import CombinedReportViewSet, ComparisonViewSet, PortfolioViewSet
from riskassess.reports.negotiation_api import NegotiationViewSet
from riskassess.trail.api import EntryViewSet
from riskassess.webhooks.api import DeliveryViewSet, WebhookViewSet

router = DefaultRouter()
for name, view in (
    ("units", UnitViewSet),
    ("vendors", VendorViewSet),
    ("models", ModelViewSet),
    ("offerings", OfferingViewSet),
    ("regions", RegionViewSet),
    ("partnerships", PartnershipViewSet),
    ("availability", AvailabilityViewSet),
    ("register-entries", RegisterEntryViewSet),
    ("product-uses", ProductUseViewSet),
    ("sources", SourceViewSet),
    ("claims", ClaimViewSet),
    ("questions", OpenQuestionViewSet),
    ("documents", DocumentViewSet),
    ("assessments", AssessmentViewSet),
    ("runs", RunViewSet),
    ("decisions", DecisionViewSet),
    ("conditions", ConditionViewSet),
    ("reports", ReportViewSet),
    ("inquiries", InquiryViewSet),
    ("combined-reports", CombinedReportViewSet),
    ("imports", BatchViewSet),
    (r"imports/(?P<batch>[0-9]+)/rows", RowViewSet),
    ("question-sets", QuestionSetViewSet),
    ("jobs", JobViewSet),
    ("trail", EntryViewSet),
    ("webhooks", WebhookViewSet),
):
    router.register(name, view)
router.register(r"webhooks/(?P<webhook>[0-9]+)/deliveries", DeliveryViewSet, "delivery")
router.register("comparisons", ComparisonViewSet, "comparison")
router.register("portfolio", PortfolioViewSet, "portfolio")
router.register(r"runs/(?P<run>[0-9]+)/negotiation", NegotiationViewSet, "negotiation")


router.register(r"runs/(?P<new>[0-9]+)/changes", RunChangesViewSet, "changes")
router.register(r"assessments/(?P<assessment>[0-9]+)/reassessed", ReassessedViewSet, "reassessed")


class SchemaView(SpectacularAPIView):
    """The OpenAPI description, as YAML or as JSON."""

    content_negotiation_class = DefaultContentNegotiation


class NothingHere(APIView):
    """An address that is none: said as a problem, not as a page."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("", include(router.urls)),
    re_path(r"^(?:.*/)?$", NothingHere.as_view()),  # only with its slash, so that one left out is added
]
