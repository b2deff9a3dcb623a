"""Finding anything by words from one box: the catalog, the work a person may read, evidence, and the law."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import slugify

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import AIModel, Offering, Source, Vendor
from riskassess.evidence.models import Claim, Document, OpenQuestion
from riskassess.home.law.book import lawbook
from riskassess.imports.models import Batch

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One match: its title, where it opens, and whose or of what it is."""

    title: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of record: some matches, and the address of its list where there are more."""

    title: str
    lines: list[Line]
    more: str = ""

    @property
    def anchor(self) -> str:
        return slugify(self.title)


@dataclass(frozen=True, slots=True)
class _Records:
    """Where a kind is looked for: rows, the fields whose words count, what is shown beside each, its list."""

    title: str
    rows: Any
    fields: tuple[str, ...]
    note: Callable[[Any], object]
    listed: str  # a url name

    def found(self, words: str, search: str) -> Found:
        """Some of the matches, in the order of their titles; which ones is left to the database.

        Asked for the first ones of all, it would go through a whole table in that order to find a rare word.
        """
        first = list(self.rows.found_by(words, *self.fields).order_by()[: MOST + 1])
        lines = [Line(str(one), one.get_absolute_url(), str(self.note(one) or "")) for one in first[:MOST]]
        lines.sort(key=lambda line: line.title.casefold())
        return Found(self.title, lines, f"{reverse(self.listed)}?{search}" if len(first) > MOST else "")


def found_for(user: User, words: str, today: date) -> list[Found]:
    """The kinds in which every word occurs, each cut to some matches.

    Nine queries, a few a word for related records, and what each kind asks of the person's units.
    """
    search = urlencode({"q": words})
    kinds = [kind.found(words, search) for kind in _kinds(user)]
    return [found for found in (*kinds, *_law(words, search, today)) if found.lines]


def _kinds(user: User) -> Iterable[_Records]:
    vendors = Vendor.objects.visible_to(user)
    models = AIModel.objects.visible_to(user).select_related("developer")
    offerings = Offering.objects.visible_to(user).select_related("seller")
    assessments = Assessment.objects.visible_to(user).select_related("offering", "unit")
    claims = Claim.objects.visible_to(user).select_related("vendor")
    questions = OpenQuestion.objects.visible_to(user).select_related("vendor")
    documents = Document.objects.visible_to(user).select_related("vendor")
    sources = Source.objects.visible_to(user)
    imports = (
        Batch.objects.visible_to(user).select_related("uploaded_by").defer("sheets", "guesses", "mapping")
    )
    vendor_of: Callable[[Any], object] = lambda one: one.vendor  # noqa: E731
    return (
        _Records("Vendors", vendors, ("name", "aliases__name"), lambda one: one.country, "catalog:vendors"),
        _Records(
            "Models",
            models,
            ("name", "label", "family", "developer__name"),
            lambda one: one.developer,
            "catalog:models",
        ),
        _Records(
            "Offerings",
            offerings,
            ("name", "channel", "seller__name"),
            lambda one: one.seller,
            "catalog:offerings",
        ),
        _Records(
            "Assessments",
            assessments,
            ("use_case", "offering__name", "offering__channel"),
            lambda one: one.unit,
            "assessments:list",
        ),
        _Records("Claims", claims, ("title", "statement", "vendor__name"), vendor_of, "evidence:claims"),
        _Records(
            "Open questions", questions, ("text", "decides", "vendor__name"), vendor_of, "evidence:questions"
        ),
        _Records("Documents", documents, ("name", "sha256"), vendor_of, "evidence:documents"),
        _Records(
            "Sources",
            sources,
            ("title", "publisher", "file_name"),
            lambda one: one.publisher,
            "catalog:sources",
        ),
        _Records("Imports", imports, ("file_name", "sheet"), lambda one: one.uploaded_by, "imports:list"),
    )


def _law(words: str, search: str, today: date) -> Iterable[Found]:
    """Rules whose text has every word, and provisions, each with the first rule that rests on it."""
    wanted = words.lower().split()
    more = f"{reverse('rules:index')}?{search}"
    for title, texts in _law_texts(today).items():
        lines = [line for text, line in texts if all(word in text for word in wanted)]
        yield Found(title, lines[:MOST], more if len(lines) > MOST else "")


@lru_cache(maxsize=2)
def _law_texts(today: date) -> dict[str, list[tuple[str, Line]]]:
    """By kind, what is read through for words, and what is shown where they occur."""
    book = lawbook(today)
    rests = {citation: rule for rule in reversed(book.rules) for citation in rule.citations}
    rules = [
        (rule.words, Line(rule.id, marks.rule_url(rule.id), rule.current.sentence)) for rule in book.rules
    ]
    provisions = [
        (
            f"{one.short} {one.title} {one.says}".lower(),
            Line(one.short, f"{marks.rule_url(rule.id)}#law", f"{one.title}: {rule.id}"),
        )
        for one, rule in sorted(rests.items(), key=lambda pair: pair[0].short)
    ]
    return {"Rules": rules, "Provisions": provisions}
