"""What the frame of every page needs: who may do what, and which area is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The open area of the site (the first word of the path). No query."""
    return {"area": request.path.strip("/").split("/", 1)[0]}
