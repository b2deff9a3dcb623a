from django.urls import path

from riskassess.home import theme, views

app_name = "home"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("seen/", views.seen, name="seen"),
    path("search/", views.search, name="search"),
    path("imports/<int:pk>/moved/", views.moved, name="moved"),
    path("theme/", theme.choose, name="theme"),
    path("vendors/<slug:slug>/", views.vendor, name="vendor"),
]
