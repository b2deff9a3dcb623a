"""The page behind the link of an invitation."""

from django.urls import path

from riskassess.people import public_views

app_name = "invited"
urlpatterns = [path("<str:token>/", public_views.page, name="page")]
