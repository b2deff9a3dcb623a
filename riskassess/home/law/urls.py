from django.urls import path

from riskassess.home.law import appetite, views

app_name = "rules"
urlpatterns = [
    path("rules/", views.index, name="index"),
    path("rules/<slug:rule_id>/", views.rule, name="rule"),
    path("method/", views.method, name="method"),
    path("method/appetite/", appetite.appetite, name="appetite"),
]
