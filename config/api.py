"""The API's router: every resource under /api/v1/, and its OpenAPI schema."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from riskassess.assessments.api import AssessmentViewSet, RunViewSet
from riskassess.catalog.api import ModelViewSet, OfferingViewSet, RegionViewSet, SourceViewSet, VendorViewSet
from riskassess.evidence.api import ClaimViewSet, OpenQuestionViewSet
from riskassess.jobs.api import JobViewSet

router = DefaultRouter()
for name, view in (
    ("vendors", VendorViewSet),
    ("models", ModelViewSet),
    ("offerings", OfferingViewSet),
    ("regions", RegionViewSet),
    ("sources", SourceViewSet),
    ("claims", ClaimViewSet),
    ("questions", OpenQuestionViewSet),
    ("assessments", AssessmentViewSet),
    ("runs", RunViewSet),
    ("jobs", JobViewSet),
):
    router.register(name, view)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
