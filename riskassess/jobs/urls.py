from django.urls import path

from riskassess.jobs import views

app_name = "jobs"
urlpatterns = [path("jobs/<uuid:pk>/", views.detail, name="detail")]
