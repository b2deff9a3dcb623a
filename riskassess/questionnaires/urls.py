from django.urls import path

from riskassess.questionnaires import lists, requesting_views, review_views, set_views, views, workbook_views

app_name = "questionnaires"
urlpatterns = [
    path("assessments/<int:pk>/ask/", views.ask, name="ask"),
    path("assessments/<int:pk>/told/", review_views.told, name="told"),
    path("question-sets/", set_views.sets, name="sets"),
    path("question-sets/add/", set_views.add, name="add_set"),
    path("question-sets/add/<int:batch>/", set_views.add, name="set_of_import"),
    path("question-sets/<int:pk>/", set_views.one, name="set"),
    path("question-sets/<int:pk>/revise/", set_views.revised, name="revise_set"),
    path("question-sets/<int:pk>/remove/", set_views.removed, name="remove_set"),
    path("question-sets/<int:pk>/<int:question>/", set_views.mapped, name="map"),
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
