"""The sources that the rows of a sheet cite: each becomes a source of its own, as trustworthy as its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from riskassess.catalog.models import Source
from riskassess.catalog.models.source import Kind
from riskassess.imports.loading import in_portions
from riskassess.imports.shapes.records import Writer

_KINDS = (
    (Kind.REGULATOR, r"regulator|government|authority|commission|court|\b(fda|ftc|cma|edpb|ico)\b"),
    (Kind.CONTRACT, r"contract|signed|agreement|\bdpa\b"),
    (Kind.AUDIT, r"audit|\bsoc ?2\b|\biso ?\d|certificat"),
    (Kind.PEER_REVIEWED, r"peer[- ]review|journal"),
    (Kind.PRESS, r"\bnews|\bpress\b|\bblog|\bmagazine"),
    (Kind.ANALYST, r"analyst|gateway|price map|aggregator|third[- ]party|research|dataset|benchmark"),
    (
        Kind.VENDOR_DOCUMENT,
        r"\bdocs?\b|documentation|model card|system card|data ?sheet|vendor page|price list",
    ),
    (Kind.VENDOR_STATEMENT, r"vendor|statement|announcement|release notes|support"),
)
_URL = re.compile(r"https?://[^\s<>\"]+")


class Cited(NamedTuple):
    """A source as a row names it; `SHEET` where it names none."""

    title: str
    publisher: str


SHEET = Cited("", "")


def cited_in(source: str, kind: str) -> Cited:
    """What a row cites. The publisher is who the row says, else the host of its address."""
    if not source and not kind:
        return SHEET
    title = source or kind
    host = urlsplit(title if "://" in title else f"//{title}").hostname or ""
    publisher = kind or (host if "." in host else "") or "Not stated"
    return Cited(title[:300], publisher[:200])


def make_sources(writer: Writer, cited: Iterable[Cited]) -> dict[Cited, Source]:
    """Each cited source as a record: the one of that title and publisher, or a new one. A query for 900 titles."""
    wanted = {one for one in cited if one != SHEET}
    found: dict[Cited, Source] = {}
    for portion in in_portions({one.title for one in wanted}):
        for source in Source.objects.filter(title__in=portion, file_sha256="", unit=None).order_by("pk"):
            found.setdefault(Cited(source.title, source.publisher), source)
    new = sorted(wanted - set(found))
    made = writer.make([
        Source(
            title=one.title,
            publisher=one.publisher,
            kind=kind_of(one.publisher) or kind_of(one.title) or str(Kind.UNATTRIBUTED),
            url=(match[0][:500] if (match := _URL.search(one.title)) else ""),
        )
        for one in new
    ])  # fmt: skip
    found.update(zip(new, made, strict=True))
    return found | {SHEET: writer.source}


def kind_of(words: str) -> str:
    """What a source is, by the words it is called with; '' where they say nothing."""
    text = words.casefold()
    return next((str(kind) for kind, said in _KINDS if re.search(said, text)), "")
