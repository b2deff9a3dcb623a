from django.urls import path

from riskassess.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhooks, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/secret/", views.secret, name="secret"),
    path("<int:pk>/try/", views.try_it, name="try"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/again/<int:delivery>/", views.again, name="again"),
]
