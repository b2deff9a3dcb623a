from django.urls import path

from riskassess.reports import views

app_name = "reports"
urlpatterns = [
    path("assessments/<int:pk>/decision/", views.decision, name="decision"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/report/", views.make, name="make"),
    path("reports/<int:pk>/", views.file, name="file"),
    path("reports/<int:pk>/download/", views.download, name="download"),
]
