from django.urls import path

from riskassess.catalog import views

app_name = "catalog"
urlpatterns = [
    path("vendors/", views.vendors, name="vendors"),
    path("models/", views.models, name="models"),
    path("models/<slug:slug>/", views.model, name="model"),
    path("offerings/", views.offerings, name="offerings"),
    path("offerings/<slug:slug>/", views.offering, name="offering"),
    path("regions/", views.regions, name="regions"),
    path("regions/<int:pk>/", views.region, name="region"),
    path("registers/", views.register, name="register"),
    path("uses/", views.uses, name="uses"),
    path("sources/", views.sources, name="sources"),
    path("sources/<int:pk>/", views.source, name="source"),
]
