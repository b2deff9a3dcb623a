from django.urls import path

from riskassess.questionnaires import public_views, workbook_views

app_name = "ask"
urlpatterns = [
    path("<str:token>/", public_views.page, name="page"),
    path("<str:token>/save/", public_views.save, name="save"),
    path("<str:token>/workbook/", workbook_views.public_download, name="workbook"),
    path("<str:token>/workbook/back/", workbook_views.public_upload, name="upload"),
    path("<str:token>/<int:pk>/", public_views.answer, name="answer"),
    path("<str:token>/<int:pk>/file/", public_views.paper, name="paper"),
]
