"""ReportContent -> PDF bytes, tagged for PDF/UA-1. No database, no network, no clock."""

from __future__ import annotations

import atexit
import io
import logging
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

from django.conf import settings
from django.template.loader import render_to_string

from riskassess.kernel.collector import collecting_later
from riskassess.reports.shape import ReportContent
from riskassess.reports.tagging import put_right

FONT_SCHEME = "report-font:"
FONTS = frozenset({"SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"})

DRAWING_SCHEME = "report-drawing:"
DRAWING = re.compile(r'<svg class="(?P<css>[^"]*)".*?<title>(?P<title>.*?)</title>.*?</svg>', re.DOTALL)
# Characters that XML has no way to write; a report shows nothing for them.
NOT_IN_XML = dict.fromkeys([*(set(range(32)) - {9, 10, 13}), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])

# Pango and the font configuration are one per process and are not meant for two threads at once.
_ONE_AT_A_TIME = threading.Lock()

logging.getLogger("fontTools").setLevel(logging.WARNING)


def report_pdf(content: ReportContent) -> bytes:
    """The report as a PDF, tagged for PDF/UA-1. Half a second to a second once the process is warm."""
    return _written(content, pdf_variant="pdf/ua-1")


def report_archive(content: ReportContent, workbook: bytes, record: str) -> bytes:
    """The report for an archive: PDF/A-3a, with its workbook and the run's record inside.

    The same pages and the same tags as the report's; it names one standard, as the engine writes one.
    """
    from weasyprint import Attachment

    when = datetime.fromisoformat(content.header.as_of_iso).replace(tzinfo=UTC)

    def inside(data: bytes, ending: str, description: str, relationship: str) -> Any:
        return Attachment(
            file_obj=io.BytesIO(data),
            name=f"{content.filename}.{ending}",
            description=description,
            created=when,
            modified=when,
            relationship=relationship,
        )

    files = [
        inside(workbook, "xlsx", "The same assessment as a workbook that computes", "Alternative"),
        inside(record.encode(), "json", "The run's record, from which everything here is made", "Source"),
    ]
    return _written(content, pdf_variant="pdf/a-3a", attachments=files)


def _written(content: ReportContent, **options: Any) -> bytes:
    page = _page(content)
    html, drawings = _parted(render_to_string("reports/report.html", page))
    titles, target = dict(page["contents"]), io.BytesIO()
    with _ONE_AT_A_TIME, collecting_later():
        style, fonts = _style(settings.REPORT_PAPER)
        _fetcher().drawings = drawings
        _document()(html).write_pdf(
            target,
            stylesheets=[style],
            font_config=fonts,
            finisher=lambda _, pdf: put_right(pdf, titles),
            **options,
        )
    return target.getvalue()


@lru_cache(maxsize=1)
def _document() -> Any:
    """The engine's document, read by the standard XML parser: our template is well-formed.

    The HTML parser that it takes the place of is written in Python and reads letter by letter, which is a
    tenth of a report's time.
    """
    from cssselect2 import ElementWrapper
    from weasyprint import HTML

    class Wellformed(HTML):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            try:
                root = fromstring(text)  # noqa: S314 - our own template, and what it wrote is escaped
            except ParseError as error:
                raise ValueError(f"{error}, under “{_part_at(text, error.position[0])}”") from error
            self.base_url, self.url_fetcher, self.media_type = "report:", _fetcher(), "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

    return Wellformed


def _part_at(text: str, line: int) -> str:
    """The heading that a line of the page stands under."""
    before = "".join(text.splitlines(keepends=True)[:line])
    heads = re.findall(r"<h[12][^>]*>([^<]*)<", before)
    return heads[-1] if heads else "the beginning"


def _parted(html: str) -> tuple[str, dict[str, bytes]]:
    """The page with a picture in place of each drawing, and the drawings by their address.

    A quarter of all elements is inside drawings: as pictures they are not styled and boxed one by one, and
    those that are the same are read once. What is between our tags is escaped: `<svg ` can only be ours.
    """
    drawings: dict[str, str] = {}

    def picture(found: re.Match[str]) -> str:
        address = drawings.setdefault(found[0], f"{DRAWING_SCHEME}{len(drawings)}")
        return f'<img class="{found["css"]}" src="{address}" alt="{found["title"]}"/>'

    page = DRAWING.sub(picture, html.translate(NOT_IN_XML))
    return page, {address: _standalone(drawing) for drawing, address in drawings.items()}


def _standalone(drawing: str) -> bytes:
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _page(content: ReportContent) -> dict[str, Any]:
    """What the template shows besides the content itself: lists that are only cut differently."""
    return {
        "c": content,
        "evidence": [(line, one) for line in _with_evidence(content) for one in line.evidence],
        "known": [fact for fact in content.facts if fact.state != "unknown"],
        "unknown": [fact for fact in content.facts if fact.state == "unknown"],
        "acting": [gate for gate in content.gates if gate.applied],
        "closed": [gate for gate in content.gates if not gate.applied],
        "contents": _contents(content),
    }


def _with_evidence(content: ReportContent) -> list[Any]:
    return [line for line in (*content.factors, *content.opportunity_factors) if line.evidence]


def _contents(content: ReportContent) -> list[tuple[str, str]]:
    """The parts that this report has, in their order."""
    parts = [
        ("chain", "Parties and places", True),
        ("regulatory", "Regulatory exposure", True),
        ("domains", "Domains and gates", True),
        ("controls", "Controls", bool(content.controls)),
        ("moves", "What one answer can move", True),
        ("points", "Every point", True),
        ("questions", "Questions to ask", bool(content.route.asks)),
        ("rules", "Rules and law", True),
        ("evidence", "Evidence", True),
        ("claims", "Claims", bool(content.claims)),
        ("unknown", "Not known yet", bool(content.questions or content.conflicts)),
        ("opportunity", "Opportunity", True),
        ("facts", "What went in", True),
        ("history", "Runs", bool(content.history)),
        ("words", "How to read this", True),
    ]
    return [(anchor, title) for anchor, title, is_there in parts if is_there]


@lru_cache(maxsize=2)
def _style(paper: str) -> tuple[Any, Any]:
    """The print style sheet for that paper and its fonts, read once a process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    text = (Path(settings.BASE_DIR) / "templates" / "reports" / "report.css").read_text()
    text = text.replace("size: A4", f"size: {paper}", 1)
    return CSS(string=text, font_config=fonts, url_fetcher=_fetcher(), base_url="report:"), fonts


# Fonts go before the interpreter takes their library away, or it complains on the way out.
atexit.register(_style.cache_clear)


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Serves the report's own fonts and drawings and refuses every other address: no host, no file, no data."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):  # type: ignore[misc]
        drawings: Mapping[str, bytes] = {}

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in self.drawings:
                return URLFetcherResponse(url, self.drawings[url], {"Content-Type": "image/svg+xml"})
            name = url.removeprefix(FONT_SCHEME)
            if not url.startswith(FONT_SCHEME) or name not in FONTS:
                raise ValueError(f"A report loads nothing from elsewhere: {url}")
            font = resources.files("font_source_sans_pro") / "files" / name
            return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/ttf"})

    return OwnAssets()


def warm_up() -> None:
    """Loads engine, style and fonts, so that the first report is as quick as the next."""
    with _ONE_AT_A_TIME:
        _style(settings.REPORT_PAPER)
