from django.urls import path

from riskassess.evidence import document_views, views

app_name = "evidence"
urlpatterns = [
    path("claims/", views.claims, name="claims"),
    path("claims/<slug:key>/", views.claim, name="claim"),
    path("claims/<slug:key>/documents/", document_views.attach_to_claim, name="attach_to_claim"),
    path(
        "claims/<slug:key>/documents/<int:link>/drop/", document_views.drop_from_claim, name="drop_from_claim"
    ),
    path("questions/", views.questions, name="questions"),
    path("questions/<int:pk>/", views.question, name="question"),
    path("documents/", document_views.index, name="documents"),
    path("documents/<int:pk>/", document_views.document, name="document"),
    path("documents/<int:pk>/download/", document_views.download, name="download"),
    path("documents/<int:pk>/remove/", document_views.remove, name="remove_document"),
    path("vendors/<slug:slug>/documents/", document_views.attach_to_vendor, name="attach_to_vendor"),
]
