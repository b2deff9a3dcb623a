"""What the frame of every page needs: who is here, what they may open, which area is open, the theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.http import url_has_allowed_host_and_scheme

from riskassess.accounts.held import Held
from riskassess.accounts.models import User
from riskassess.accounts.roles import READS_EVERYTHING, Can, Role, roles_that
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.home.theme import THEMES, theme_of
from riskassess.routes import address
from riskassess.rules.rulebook import RULEBOOK

# Label, address, and the areas (first words of a path) under which the entry is the open one.
NAVIGATION: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("Home", "home:dashboard", frozenset({"", "search"})),
    ("Vendors", "catalog:vendors", frozenset({"vendors"})),
    ("Models", "catalog:models", frozenset({"models"})),
    ("Offerings", "catalog:offerings", frozenset({"offerings", "regions"})),
    ("Imports", "imports:list", frozenset({"imports"})),
    ("Assessments", "assessments:list", frozenset({"assessments", "compare", "reports", "runs"})),
    ("Portfolio", "reports:portfolio", frozenset({"portfolio", "combined"})),
    (
        "Evidence",
        "evidence:claims",
        frozenset(
            {"claims", "documents", "inquiries", "question-sets", "questions", "registers", "sources", "uses"}
        ),
    ),
    ("Rules", "rules:index", frozenset({"rules", "method"})),
)

ACCOUNT = (
    ("Second factor", "mfa_index"),
    ("Password", "account_change_password"),
    ("Sessions", "usersessions_list"),
    ("Access tokens", "accounts:tokens"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the main navigation."""

    label: str
    url: str
    current: bool


class Frame:
    """The frame of a page. Asks for the person's roles once, and only when a whole page is drawn."""

    def __init__(self, request: HttpRequest) -> None:
        self.area = request.path.strip("/").split("/", 1)[0]
        self.theme = theme_of(request)
        self.themes = THEMES
        self.method = METHOD_VERSION
        self.rules = RULEBOOK.release
        self._user = getattr(request, "user", None)
        self._request = request

    @cached_property
    def _held(self) -> tuple[Held, ...]:
        """The person's roles. At most one query."""
        return self._user.held() if isinstance(self._user, User) else ()

    @property
    def roles(self) -> frozenset[str]:
        """The roles the person holds in any unit."""
        return frozenset(one.role for one in self._held)

    @property
    def emergency(self) -> list[tuple[str, str, datetime]]:
        """The person's emergency access as (role, unit, end): shown on every page for as long as it lasts."""
        return [(Role(one.role).label, one.name, one.until) for one in self._held if one.until is not None]

    @cached_property
    def is_member(self) -> bool:
        """Whether the catalog is open to the person at all."""
        return bool(self.roles) or bool(getattr(self._user, "is_superuser", False))

    @property
    def back(self) -> str:
        """The page of this site that led here; the first page for one that came from elsewhere."""
        came_from = self._request.META.get("HTTP_REFERER", "")
        ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={self._request.get_host()})
        return came_from if ours else "/"

    @property
    def may_request(self) -> bool:
        return self._may(Can.REQUEST)

    @property
    def may_import(self) -> bool:
        return self._may(Can.IMPORT)

    @property
    def may_edit_catalog(self) -> bool:
        return self._may(Can.EDIT_CATALOG)

    @property
    def may_change_appetite(self) -> bool:
        return self._may(Can.CHANGE_APPETITE)

    @property
    def reads_everything(self) -> bool:
        return bool(self.roles & READS_EVERYTHING) or bool(getattr(self._user, "is_superuser", False))

    def _may(self, can: Can) -> bool:
        return any(Role(role) in roles_that(can) for role in self.roles)

    @property
    def navigation(self) -> Iterator[Entry]:
        """What exists and is open to the person."""
        for label, name, areas in NAVIGATION:
            if not areas & {""} and not self.is_member:
                continue
            try:
                yield Entry(label, address(name), self.area in areas)
            except NoReverseMatch:  # an area that this installation does not have
                continue

    @property
    def _has_password(self) -> bool:
        return isinstance(self._user, User) and self._user.has_usable_password()

    @property
    def account_pages(self) -> Iterator[Entry]:
        """The pages of a person's own account."""
        here = self._request.path
        for label, name in ACCOUNT:
            if name == "account_change_password" and not self._has_password:
                continue  # who comes through the company's sign-in has none
            url = address(name)
            yield Entry(label, url, here.startswith(url))


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The frame, and the open area of the site (the first word of the path)."""
    frame = Frame(request)
    return {"frame": frame, "area": frame.area}
