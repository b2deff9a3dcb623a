"""The pages on which administrators keep people; auditors read them."""

from django.urls import path

from riskassess.people import unit_views, views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("units/", unit_views.units, name="units"),
    path("units/new/", unit_views.new, name="new_unit"),
    path("units/<int:unit>/", unit_views.one, name="unit"),
    path("units/<int:unit>/rename/", unit_views.rename, name="rename_unit"),
    path("<int:pk>/", views.one, name="person"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/roles/", views.give_role, name="give_role"),
    path("<int:pk>/roles/<int:held>/take/", views.take_role, name="take_role"),
    *(path(f"<int:pk>/{verb}/", views.do, {"verb": verb}, name=verb) for verb in views.VERBS),
]
