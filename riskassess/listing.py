"""A list page: columns, filter, order, page, export; the same small way for every list of the site.

A view says what a row is (a queryset, already cut to what the person may see), which columns it has and which
filter applies, and calls `respond`. Addresses carry everything (`?sort=-name&page=2&size=50&q=…`), so each is
a plain link that htmx only quickens.

    VENDORS = ListPage(
        title="Vendors",
        columns=(Column("name", "Vendor", lambda v: v.name, show=lambda v: link(…), order_by=("name",)), …),
        filters=VendorFilter,
        order="name",
        reads=("name", "slug", "parent__name", …),
    )

    def vendors(request):
        return respond(request, VENDORS, Vendor.objects.visible_to(person(request)))

Queries: two for the page, whatever the length of the table: which rows, in order, by their keys alone (so that
the database sorts narrow rows), then those rows with all they point to. Nothing is counted: one row more than a
page is asked for, which tells whether there is a next one. What the view prefetches comes on top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString

from riskassess import marks
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.writing import ListColumn, Value, write_list_xlsx

M = TypeVar("M", bound=Model)

SIZES = (25, 50, 100, 200)
DEEPEST_ROW = 20_000  # further down nobody pages; the database would read all that comes before
EXPORTED_ROWS = 50_000


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column: `value` is plain (exported as it is), `show` what the page prints (HTML when marked safe).

    `order_by` are the fields its head sorts by; a column without them cannot sort. `wide` lets the cell take
    the whole width where a row becomes a card, on a phone. A `day` is printed as one, on one line.
    """

    name: str
    label: str
    value: Callable[[M], Value]
    show: Callable[[M], str] | None = None
    order_by: tuple[str, ...] = ()
    numeric: bool = False
    wide: bool = False
    day: bool = False

    def shown(self, row: M) -> str:
        if self.show is not None:
            return self.show(row)
        value = self.value(row)
        if isinstance(value, date):
            return marks.day(value)
        if value is None:
            return marks.unknown() if self.day else ""
        return str(value)

    @property
    def opening(self) -> str:
        """The tag that opens each of its cells; a phone shows the label beside the value."""
        kind = "num" if self.numeric else "wide" if self.wide else "nowrap" if self.day else ""
        return format_html('<td data-l="{}"{}>', self.label, SafeString(f' class="{kind}"' if kind else ""))


@dataclass(frozen=True)
class ListPage(Generic[M]):
    """All that a list page is, apart from the request. The first column names the row."""

    title: str
    columns: Sequence[Column[M]]
    filters: type[django_filters.FilterSet]
    order: str  # name of a column, with `-` for descending
    lede: str = ""
    empty: str = "Nothing here yet."
    tabs: Sequence[tuple[str, str]] = ()  # label and url name of the lists beside this one
    reads: Sequence[
        str
    ] = ()  # lookups of all that the columns show: nothing else is read; all where none is named
    # Fills in what no lookup reaches, for all rows that are shown at once.
    beside: Callable[[HttpRequest, Sequence[M]], None] = lambda request, rows: None

    def read(self, rows: QuerySet[M, M]) -> QuerySet[M, M]:
        """`rows` with what the columns show, in one query."""
        return with_only(rows, self.reads) if self.reads else rows


def with_only(rows: QuerySet[M, M], paths: Sequence[str]) -> QuerySet[M, M]:
    """`rows` with these lookups alone, related records in the same query: whole ones take twice the time."""
    related = {path.rpartition("__")[0] for path in paths} - {""}
    return rows.select_related(*sorted(related)).only(*paths)


@dataclass(frozen=True, slots=True)
class Head:
    """One column head as the page draws it."""

    label: str
    numeric: bool
    url: str = ""  # the address that sorts by it; empty for a column that cannot sort
    sorted: str = ""  # ascending, descending or empty
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, ready to print: no query is left in it."""

    heads: tuple[Head, ...]
    rows: SafeString  # all of them in HTML; empty where there are none
    filterset: Any
    filtered: bool
    first: int
    last: int
    earlier: str
    later: str
    total: int | None  # known only where the end of the list is on this page
    sort: str
    size: int
    sizes: tuple[int, ...] = SIZES
    export: str = ""
    clear: str = ""
    problems: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()  # such as `Model: mai-thinking-1`, for filters that have no input


def respond(
    request: HttpRequest, page: ListPage[M], rows: QuerySet[M, M], context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The list as a page, as the part that htmx swaps, or as a workbook (`?export=xlsx`)."""
    filterset = page.filters(request.GET, queryset=rows, request=request)
    found = ordered(filterset.qs, page, request.GET.get("sort", ""))
    if request.GET.get("export") == "xlsx":
        return _workbook(request, page, found)
    listing = _listing(request, page, page.read(rows), found, filterset)
    htmx = getattr(request, "htmx", None)
    part = "#table" if htmx and not htmx.history_restore_request else ""
    response = render(request, f"listing.html{part}", {"page": page, "listing": listing, **(context or {})})
    patch_vary_headers(response, ["HX-Request"])
    return response


def ordered(rows: QuerySet[M, M], page: ListPage[M], sort: str) -> QuerySet[M, M]:
    """`rows` in the order that `sort` names, unknown values last, equal ones always in the same order."""
    column, descending = _sorting(page, sort)
    fields = [_direction(rows.model, name, descending) for name in column.order_by]
    return rows.order_by(*fields, "-pk" if descending else "pk")


def _direction(model: type[Model], name: str, descending: bool) -> Any:
    if not _may_be_null(model, name):
        return f"-{name}" if descending else name
    column = F(name)
    return column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)


def _may_be_null(model: type[Model], path: str) -> bool:
    """Whether any step of a lookup path may be empty; an annotation counts as never empty."""
    for step in path.split("__"):
        try:
            found: Any = model._meta.get_field(step)
        except FieldDoesNotExist:
            return False
        if found.null:
            return True
        model = found.related_model or model
    return False


def _sorting(page: ListPage[M], sort: str) -> tuple[Column[M], bool]:
    """The column asked for, or the page's own; a name that sorts nothing is not an error in a shared link."""
    sortable = {column.name: column for column in page.columns if column.order_by}
    wanted = sort if sort.lstrip("-") in sortable else page.order
    return sortable[wanted.lstrip("-")], wanted.startswith("-")


def _loaded(all_rows: QuerySet[M, M], found: QuerySet[M, M], start: int, count: int) -> list[M]:
    """`count` rows of `found` from `start` on, in its order, with what `all_rows` selects beside them.

    On 100,000 offerings this takes a tenth of the time of sorting whole rows.
    """
    keys = list(found.values_list("pk", flat=True)[start : start + count])
    by_key = {row.pk: row for row in all_rows.filter(pk__in=keys)}
    return [by_key[key] for key in keys if key in by_key]


def _listing(
    request: HttpRequest,
    page: ListPage[M],
    all_rows: QuerySet[M, M],
    found: QuerySet[M, M],
    filterset: Any,
) -> Listing:
    size = _size(request.GET.get("size", ""))
    number = _number(request.GET.get("page", ""), size)
    start = (number - 1) * size
    shown = _loaded(all_rows, found, start, size + 1)
    more, rows = len(shown) > size, shown[:size]
    page.beside(request, rows)
    column, descending = _sorting(page, request.GET.get("sort", ""))
    ends_here = not more and (bool(rows) or number == 1)
    return Listing(
        heads=tuple(_heads(request, page, column, descending)),
        rows=SafeString("\n".join(_in_html(page.columns, rows))),
        filterset=filterset,
        filtered=any(request.GET.get(name) for name in filterset.filters),
        first=start + 1 if rows else 0,
        last=start + len(rows),
        earlier=_address(request, page=str(number - 1)) if number > 1 else "",
        later=_address(request, page=str(number + 1)) if more and start + size < DEEPEST_ROW else "",
        total=start + len(rows) if ends_here else None,
        sort=request.GET.get("sort", ""),
        size=size,
        export=_address(request, export="xlsx", page=""),
        clear=request.path,
        problems=tuple(_problems(filterset)),
        narrowed=tuple(
            f"{one.label}: {request.GET[name]}"
            for name, one in filterset.filters.items()
            if isinstance(one, NarrowedTo) and request.GET.get(name)
        ),
    )


def _in_html(columns: Sequence[Column[M]], rows: Sequence[M]) -> Iterator[str]:
    """Each row as a `<tr>`. Not by a template: it would ask of every cell what holds for all of its column."""
    first, *others = columns
    cells = [(column.opening, column.shown) for column in others]
    for row in rows:
        rest = "".join([f"{opening}{marks.escaped(shown(row))}</td>" for opening, shown in cells])
        yield f'<tr><th scope="row" class="wide">{marks.escaped(first.shown(row))}</th>{rest}</tr>'


def _heads(request: HttpRequest, page: ListPage[M], sorted_by: Column[M], descending: bool) -> Iterator[Head]:
    for column in page.columns:
        if not column.order_by:
            yield Head(column.label, column.numeric, wide=column.wide)
            continue
        is_sorted = column is sorted_by
        sort = f"-{column.name}" if is_sorted and not descending else column.name
        state = ("descending" if descending else "ascending") if is_sorted else ""
        yield Head(
            column.label, column.numeric, _address(request, sort=sort, page=""), state, wide=column.wide
        )


def _address(request: HttpRequest, **changes: str) -> str:
    """The open address with some parameters changed; an empty one is left out."""
    query = request.GET.copy()
    query.pop("export", None)
    for name, value in changes.items():
        query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _size(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in SIZES else SIZES[1]


def _number(text: str, size: int) -> int:
    number = int(text) if text.isdigit() and len(text) < 7 else 1
    return max(1, min(number, DEEPEST_ROW // size))


def _problems(filterset: Any) -> Iterator[str]:
    for name, errors in filterset.form.errors.items():
        label = filterset.form.fields[name].label if name in filterset.form.fields else name
        yield from (f"{label}: {error}" for error in errors)


def _workbook(request: HttpRequest, page: ListPage[M], found: QuerySet[M, M]) -> HttpResponse:
    """What the filter finds, in the order shown, as a workbook whose cells are plain values."""
    rows = list(page.read(found)[: EXPORTED_ROWS + 1])
    if len(rows) > EXPORTED_ROWS:
        raise InvalidInput(
            f"More than {EXPORTED_ROWS:,} rows match.", hint="Filter the list, then export it again."
        )
    page.beside(request, rows)
    columns = [ListColumn(column.label, width=28 if column.wide else 18) for column in page.columns]
    body = write_list_xlsx(
        page.title,
        columns,
        ([column.value(row) for column in page.columns] for row in rows),
        paper=settings.REPORT_PAPER,
    )
    response = HttpResponse(
        body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = page.title.lower().replace(" ", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class WordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Rows in which every word of the text occurs in one of `fields`; the queryset brings `found_by`."""

    def __init__(self, *fields: str, **options: Any) -> None:
        super().__init__(**options)
        self.words_in = fields

    def filter(self, qs: Any, value: str) -> Any:
        return qs.found_by(value, *self.words_in) if value else qs


class NarrowedTo(django_filters.CharFilter):  # type: ignore[misc]
    """Only the rows of one record, as that record's page links here: no input, but said above the list."""

    def __init__(self, field_name: str, **options: Any) -> None:
        super().__init__(field_name=field_name, widget=forms.HiddenInput, **options)


class KnownFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A choice that also finds what is unknown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(null_label="Unknown", empty_label="Any", **options)
