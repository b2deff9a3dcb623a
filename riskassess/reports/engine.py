"""WeasyPrint as reports use it: well-formed pages, our own assets only, what is expensive once a process.

What a warm process saves each time (bench/report_bench.py measures it): the style sheet is read once for a
paper and a set of faces; the engine's own sheet, which is made for any page of the web, is left out, as ours
says everything; pages are read by the standard XML parser; drawings are pictures; and the numbers in the
contents are put in once the pages are laid out, where the engine would lay the first page out again.
"""

from __future__ import annotations

import atexit
import io
import logging
import re
import threading
import warnings
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError, fromstring

import pydyf
from django.conf import settings
from django.template.loader import get_template

from riskassess.kernel.collector import collecting_later, leaves_cycles
from riskassess.reports.drawings import bars
from riskassess.reports.quicker import make_quicker
from riskassess.reports.tagging import put_right
from riskassess.reports.typefaces import BASE, FACES, OWN, Face, only_our_own, set_for_print

DRAWING_SCHEME = "report-drawing:"
DRAWING = re.compile(r'<svg class="(?P<css>[^"]*)".*?<title>(?P<title>.*?)</title>.*?</svg>', re.DOTALL)
# Characters that XML has no way to write; a report shows nothing for them.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FOLDER = Path(settings.BASE_DIR) / "templates" / "reports"

# Pango and the font configuration are one per process and are not meant for two threads at once.
_ONE_AT_A_TIME = threading.Lock()

logging.getLogger("fontTools").setLevel(logging.WARNING)


def printed(html: str, titles: Mapping[str, str], **options: Any) -> bytes:
    """The page as a tagged PDF; `titles` are the names of its parts by their anchors.

    `options` are the engine's, such as `pdf_variant`. Raises ValueError where the page is not well-formed, or
    asks for something that is not the report's own.
    """
    html, faces = set_for_print(NOT_IN_XML.sub("", html))
    html, drawings = _parted(html)
    target = io.BytesIO()
    with _ONE_AT_A_TIME, collecting_later():
        style, fonts = style_for(settings.REPORT_PAPER, faces)
        own = {address: found for address, svg in drawings.items() if (found := bars(svg))}
        fetcher().drawings = {address: svg for address, svg in drawings.items() if address not in own}
        document = _document()(html).render(stylesheets=[style], font_config=fonts, cache=own, **options)
        _number_contents(document)
        _ground_whole_tables(document)
        document.write_pdf(target, finisher=lambda _, pdf: _finish(pdf, titles), **options)
    leaves_cycles()
    return target.getvalue()


def _finish(pdf: Any, titles: Mapping[str, str]) -> None:
    """Puts the tags right, then packs: the engine packs as hard as it can, for a fourth of the time of all."""
    put_right(pdf, titles)
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            content = b"\n".join(
                part if type(part) is bytes else pydyf._to_bytes(part) for part in one.stream
            )
            one.stream, one.compress = [zlib.compress(content)], False
            one.extra["Filter"] = "/FlateDecode"


def _number_contents(document: Any) -> None:
    """Writes the number of a part's page where the contents leave two places for it.

    The engine's own way (`target-counter`) lays the first page, the densest, out a second and a third time.
    """
    from weasyprint.formatting_structure.boxes import TextBox

    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for anchor in page.anchors:
            pages.setdefault(anchor, number)
    for box in document.pages[0]._page_box.descendants():
        element = box.element if isinstance(box, TextBox) else None  # none in the margins
        if element is not None and (anchor := element.get("data-page-of")):
            box.text = box.pango_layout.text = (
                f"{pages[anchor]:\u2007>2}"  # a figure space is as wide as a digit
            )


def _ground_whole_tables(document: Any) -> None:
    """Colours the ground of each table's body from its first row to its last.

    The engine colours it as high as the highest row alone: the hairlines, which are this ground, would end there.
    """
    from weasyprint.formatting_structure.boxes import TableRowGroupBox

    waiting = [page._page_box for page in document.pages]
    while waiting:
        box = waiting.pop()
        if isinstance(box, TableRowGroupBox) and box.background is not None:
            area = (box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
            layers = [layer._replace(painting_area=area) for layer in box.background.layers]
            box.background = box.background._replace(layers=layers)
        waiting.extend(box.children)


@lru_cache(maxsize=1)
def _document() -> Any:
    """The engine's document, read by the standard XML parser: our template is well-formed.

    The HTML parser that it takes the place of is written in Python and reads letter by letter, which is a
    tenth of a report's time.
    """
    from cssselect2 import ElementWrapper

    HTML = _engine().HTML

    class Wellformed(HTML):  # type: ignore[misc, valid-type]
        def __init__(self, text: str) -> None:
            try:
                root = fromstring(text)  # noqa: S314 - our own template, and what it wrote is escaped
            except ParseError as error:
                raise ValueError(f"{error}, under “{_part_at(text, error.position[0])}”") from error
            self.base_url, self.url_fetcher, self.media_type = "report:", fetcher(), "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return []  # report.css says everything

    return Wellformed


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The engine, loaded without a look at the machine's fonts (it would warn that it finds none)."""
    with only_our_own(str(FOLDER / "fonts.conf")), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No fonts configured", category=UserWarning)
        import weasyprint
    make_quicker()
    return weasyprint


def _part_at(text: str, line: int) -> str:
    """The heading that a line of the page stands under."""
    before = "".join(text.splitlines(keepends=True)[:line])
    heads = re.findall(r"<h[12][^>]*>([^<]*)<", before)
    return heads[-1] if heads else "the beginning"


def _parted(html: str) -> tuple[str, dict[str, str]]:
    """The page with a picture in place of each drawing, and the drawings by their address.

    A quarter of all elements is inside drawings: as pictures they are not styled and boxed one by one, and
    those that are the same are read once. What is between our tags is escaped: `<svg ` can only be ours.
    """
    drawings: dict[str, str] = {}

    def picture(found: re.Match[str]) -> str:
        address = drawings.setdefault(found[0], f"{DRAWING_SCHEME}{len(drawings)}")
        return f'<img class="{found["css"]}" src="{address}" alt="{found["title"]}"/>'

    page = DRAWING.sub(picture, html)
    return page, {address: drawing for drawing, address in drawings.items()}


def _standalone(drawing: str) -> bytes:
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


@lru_cache(maxsize=8)
def style_for(paper: str, faces: tuple[Face, ...]) -> tuple[Any, Any]:
    """The print style sheet for that paper with its fonts, read once a process for each set of `faces`.

    Fonts are a configuration of their own for each set: a report that needs no other face is drawn the same
    whatever the process has drawn before.
    """
    engine = _engine()
    from weasyprint.text.fonts import FontConfiguration

    with only_our_own(str(FOLDER / "fonts.conf")):
        fonts = FontConfiguration()
    families = ", ".join(f'"{family}"' for family in (BASE, *(face.family for face in faces)))
    text = (FOLDER / "report.css").read_text()
    text = text.replace("size: A4", f"size: {paper}", 1).replace(f'"{BASE}"', families)
    rules = "\n".join(face.rule for face in (*OWN, *faces))
    sheet = f"{rules}\n{text}"
    return engine.CSS(string=sheet, font_config=fonts, url_fetcher=fetcher(), base_url="report:"), fonts


def warm_up() -> None:
    """Loads the engine, its fonts, the style sheet and the page's template, so that the first report need not."""
    with _ONE_AT_A_TIME:
        style_for(settings.REPORT_PAPER, ())
    get_template("reports/report.html")


# Fonts go before the interpreter takes their library away, or it complains on the way out.
atexit.register(style_for.cache_clear)


@lru_cache(maxsize=1)
def fetcher() -> Any:
    """Serves the report's own fonts and drawings and refuses every other address: no host, no file, no data."""
    _engine()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):  # type: ignore[misc]
        drawings: Mapping[str, str] = {}

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in self.drawings:
                return URLFetcherResponse(
                    url, _standalone(self.drawings[url]), {"Content-Type": "image/svg+xml"}
                )
            face = FACES.get(unquote(url))
            if face is None:
                raise ValueError(f"A report loads nothing from elsewhere: {url}")
            return URLFetcherResponse(url, face.path.read_bytes(), {"Content-Type": "font/ttf"})

    return OwnAssets()
