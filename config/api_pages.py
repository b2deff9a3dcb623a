"""How the API cuts long lists into pages."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Newest first, without counting the whole table on every page."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
