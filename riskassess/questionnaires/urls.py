from django.urls import path

from riskassess.questionnaires import lists, requesting_views, review_views, views, workbook_views

app_name = "questionnaires"
urlpatterns = [
    path("assessments/<int:pk>/ask/", views.ask, name="ask"),
    path("assessments/<int:pk>/told/", review_views.told, name="told"),
    path("inquiries/", lists.inquiries, name="list"),
    path("inquiries/<int:pk>/", views.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/review/", review_views.review_page, name="review"),
    path("inquiries/<int:pk>/back/", review_views.give_back, name="give_back"),
    path("inquiries/<int:pk>/workbook/", workbook_views.download, name="workbook"),
    path("inquiries/<int:pk>/workbook/back/", workbook_views.upload, name="upload"),
    path("inquiries/<int:pk>/requests/", requesting_views.requests, name="requests"),
    path("inquiries/<int:pk>/send/", views.send, name="send"),
    path("inquiries/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("inquiries/<int:pk>/remind/", views.remind, name="remind"),
    path("inquiries/<int:pk>/extend/", views.extend, name="extend"),
]
