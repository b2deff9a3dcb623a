from collections.abc import Iterator

from django.urls import URLPattern, path

from riskassess.home import correction_views, theme, views
from riskassess.home.correction_parts import PARTS

app_name = "home"


def _corrections() -> Iterator[URLPattern]:
    """Where records are corrected: each kind with a page, its facts, and what belongs to it."""
    for kind, (model, key) in correction_views.KINDS.items():
        start, told = f"{kind}/<{'int' if key == 'pk' else 'slug'}:{key}>/correct/", {"kind": kind}
        yield path(start, correction_views.correct, told, name=f"correct_{kind}")
        if model in PARTS:
            one = f"{start}<slug:parts>/<int:part>/"
            yield path(f"{start}<slug:parts>/add/", correction_views.add, told, name=f"add_{kind}")
            yield path(one, correction_views.correct_part, told, name=f"correct_part_{kind}")
            yield path(f"{one}remove/", correction_views.remove_part, told, name=f"remove_part_{kind}")
        if key == "slug":
            fact = f"{start}<slug:attribute>/"
            yield path(fact, correction_views.correct_fact, told, name=f"correct_fact_{kind}")


urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("seen/", views.seen, name="seen"),
    path("search/", views.search, name="search"),
    path("imports/<int:pk>/moved/", views.moved, name="moved"),
    path("theme/", theme.choose, name="theme"),
    path("vendors/<slug:slug>/", views.vendor, name="vendor"),
    *_corrections(),
]
