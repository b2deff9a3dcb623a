from django.urls import path

from riskassess.home import correction_views, theme, views

app_name = "home"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("seen/", views.seen, name="seen"),
    path("search/", views.search, name="search"),
    path("imports/<int:pk>/moved/", views.moved, name="moved"),
    path("theme/", theme.choose, name="theme"),
    path("vendors/<slug:slug>/", views.vendor, name="vendor"),
    *(
        path(f"{kind}/<slug:slug>/correct/{rest}", view, {"kind": kind}, name=f"{name}_{kind}")
        for kind in correction_views.KINDS
        for rest, view, name in (
            ("", correction_views.correct, "correct"),
            ("<slug:attribute>/", correction_views.correct_fact, "correct_fact"),
        )
    ),
]
