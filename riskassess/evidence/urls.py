from django.urls import path

from riskassess.evidence import views

app_name = "evidence"
urlpatterns = [
    path("claims/", views.claims, name="claims"),
    path("claims/<slug:key>/", views.claim, name="claim"),
    path("questions/", views.questions, name="questions"),
    path("questions/<int:pk>/", views.question, name="question"),
]
