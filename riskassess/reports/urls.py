from django.urls import path

from riskassess.reports import (
    beside,
    combined_views,
    deciding,
    negotiation_views,
    portfolio_views,
    reassessed,
    views,
)

app_name = "reports"
urlpatterns = [
    path("assessments/<int:pk>/decision/", views.decision, name="decision"),
    path("assessments/<int:pk>/decide/", deciding.decide, name="decide"),
    path("assessments/<int:pk>/reassessed/", reassessed.reassessed, name="reassessed"),
    path("assessments/<int:pk>/return/", deciding.give_back, name="return"),
    path("assessments/<int:pk>/conditions/<int:condition>/met/", deciding.met, name="met"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/report/", views.make, name="make"),
    path("runs/<int:new>/changes/<int:old>/", beside.changed, name="changes"),
    path("runs/<int:pk>/worth/", beside.worth, name="worth"),
    path("runs/<int:pk>/negotiation/", negotiation_views.page, name="negotiation"),
    path("runs/<int:pk>/negotiation/vendor/", negotiation_views.for_vendor, name="negotiation_vendor"),
    path("runs/<int:pk>/ask/", beside.ask, name="ask"),
    path("compare/", beside.compare, name="compare"),
    path("compare/report/", combined_views.make_comparison, name="make_comparison"),
    path("portfolio/", portfolio_views.page, name="portfolio"),
    path("portfolio/report/", combined_views.make_portfolio, name="make_portfolio"),
    path("portfolio/archive/", combined_views.make_archive, name="make_archive"),
    path("combined/<int:pk>/", combined_views.combined, name="combined"),
    path("combined/<int:pk>/download/", combined_views.download, name="combined_download"),
    path("reports/<int:pk>/", views.file, name="file"),
    path("reports/<int:pk>/download/", views.download, name="download"),
]
