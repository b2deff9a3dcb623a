"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import api_docs, health, metrics

# One door with one set of locks: second factor, single sign-on, the limit on wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "config.errors.bad_request"
handler500 = "config.errors.broken"

urlpatterns = [
    path("health/live/", health.live, name="alive"),
    path("health/ready/", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("account/", include("riskassess.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("config.api")),
    path("docs/api/", include((api_docs.urlpatterns, "api_docs"))),
    path("", include("riskassess.home.urls")),
    path("", include("riskassess.home.law.urls")),
    path("", include("riskassess.catalog.urls")),
    path("", include("riskassess.evidence.urls")),
    path("", include("riskassess.jobs.urls")),
    path("", include("riskassess.trail.urls")),
    path("people/", include("riskassess.people.urls")),
    path("invited/", include("riskassess.people.public_urls")),
    path("", include("riskassess.reports.urls")),
    path("ask/", include("riskassess.questionnaires.public_urls")),
    path("", include("riskassess.questionnaires.urls")),
    path("webhooks/", include("riskassess.webhooks.urls")),
    path("assessments/", include("riskassess.assessments.urls")),
    path("imports/", include("riskassess.imports.urls")),
]
