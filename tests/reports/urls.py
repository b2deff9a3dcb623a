"""The site's addresses with those of reports in front."""

from django.urls import include, path

from config.urls import urlpatterns as site

urlpatterns = [path("", include("riskassess.reports.urls")), *site]
