from django.urls import path, re_path

from riskassess.imports import row_views, sheet_views, views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("upload/", views.upload, name="upload"),
    path("template.xlsx", views.template, name="template"),
    path("source/<int:source>/row/<int:number>/", views.source_row, name="source_row"),
    re_path(r"^of/(?P<kind>vendor|model|offering)/(?P<slug>[-\w]+)/$", views.history, name="history"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/sheets/", sheet_views.sheets, name="sheets"),
    path("<int:pk>/sheet/", sheet_views.sheet, name="sheet"),
    path("<int:pk>/sheets/alike/", sheet_views.alike, name="alike"),
    path("<int:pk>/sheets/apply/", sheet_views.apply_all, name="apply_all"),
    path("<int:pk>/rows/", row_views.rows, name="rows"),
    path("<int:pk>/rows/<int:number>/decide/", row_views.decide, name="decide"),
    path("<int:pk>/accept/", row_views.accept, name="accept"),
    path("<int:pk>/ask-again/", row_views.ask_again, name="ask_again"),
    path("<int:pk>/rows/<int:number>/role/", row_views.role, name="role"),
    path("<int:pk>/rows/<int:number>/", row_views.row, name="row"),
    path("<int:pk>/left.xlsx", views.left, name="left"),
    path("<int:pk>/commented.xlsx", views.commented, name="commented"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/discard/", views.discard, name="discard"),
]
