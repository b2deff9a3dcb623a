"""The pages on which administrators keep people; auditors read them."""

from django.urls import path

from riskassess.people import invitation_views, unit_views, views

app_name = "people"
urlpatterns = [
    path("", views.people, name="list"),
    path("units/", unit_views.units, name="units"),
    path("units/new/", unit_views.new, name="new_unit"),
    path("units/<int:unit>/", unit_views.one, name="unit"),
    path("units/<int:unit>/rename/", unit_views.rename, name="rename_unit"),
    path("emergency/<int:access>/end/", views.end_emergency, name="end_emergency"),
    path("invitations/", invitation_views.invitations, name="invitations"),
    path("invitations/new/", invitation_views.new, name="invite"),
    path("invitations/<int:invitation>/again/", invitation_views.send_again, name="invite_again"),
    path("invitations/<int:invitation>/withdraw/", invitation_views.withdraw, name="withdraw_invitation"),
    path("<int:pk>/", views.one, name="person"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/roles/", views.give_role, name="give_role"),
    path("<int:pk>/roles/<int:held>/take/", views.take_role, name="take_role"),
    *(path(f"<int:pk>/{verb}/", views.do, {"verb": verb}, name=verb) for verb in views.VERBS),
]
