from django.urls import path, re_path

from riskassess.assessments import beside_views, control_views, lists, views, what_if_views

app_name = "assessments"
urlpatterns = [
    path("", lists.assessments, name="list"),
    path("start/", views.start, name="start"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/answers/", views.answers, name="answers"),
    path("<int:pk>/answers/<str:key>/", views.answer, name="answer"),
    path("<int:pk>/answers/<str:key>/documents/", beside_views.attach_document, name="attach"),
    path("<int:pk>/documents/<int:link>/drop/", beside_views.drop_document, name="drop_document"),
    path("<int:pk>/comments/", beside_views.comment, name="comment"),
    re_path(
        r"^(?P<pk>[0-9]+)/comments/(?P<one>[0-9]+)/(?P<verb>resolve|reopen)/$",
        beside_views.settle,
        name="settle",
    ),
    path("<int:pk>/news/", beside_views.news, name="news"),
    path("<int:pk>/controls/", control_views.controls, name="controls"),
    path("<int:pk>/controls/<slug:key>/", control_views.control, name="control"),
    path("<int:pk>/controls/<slug:key>/drop/", control_views.drop, name="drop_control"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/remarks/<int:remark>/resolve/", views.resolve, name="resolve"),
    path("<int:pk>/reassess/", views.reassess, name="reassess"),
    path("<int:pk>/score/", views.score, name="score"),
    path("<int:pk>/what-if/", what_if_views.page, name="what_if"),
    path("<int:pk>/move/<str:name>/", views.move, name="move"),
]
