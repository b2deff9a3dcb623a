from django.urls import path

from riskassess.trail import views

app_name = "trail"
urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("history/<slug:kind>/<int:pk>/", views.history, name="history"),
]
