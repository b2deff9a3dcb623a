"""How fast a report is made, as CPU time and against an empty page of the same engine in the same run.

    python bench/report_bench.py           the cases below, the best of five each
    python bench/report_bench.py 9         the best of nine

`empty` is one word on one page. `cold` is a whole new process up to its first report: imports, fonts, style
sheet, then the report. `per page` divides by the pages a report came to; where it stays level from the
short report to the long one, the cost is linear in rows. `untouched` is the same page through the engine's
own HTML parser with its drawings in place: what `reports.pdf` saves by neither. The contents are written
here: no database is read.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from weasyprint import HTML  # noqa: E402

from riskassess.kernel.collector import collecting_later  # noqa: E402
from riskassess.reports import engine, pdf  # noqa: E402
from riskassess.reports.content import content_of  # noqa: E402
from riskassess.reports.shape import ReportContent  # noqa: E402
from riskassess.reports.workbook import report_workbook  # noqa: E402
from tests.reports import records  # noqa: E402


class Stored:
    assessment_id = 1
    pk = 1


def content() -> ReportContent:
    return content_of(records.rejected(), Stored(), None, ())  # type: ignore[arg-type]


def longer(one: ReportContent, times: int) -> ReportContent:
    """The same report with its long tables that many times over."""
    return replace(
        one,
        factors=one.factors * times,
        opportunity_factors=one.opportunity_factors * times,
        facts=one.facts * times,
        tornado=one.tornado * times,
        claims=one.claims * times,
    )


def best(make: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        make()
        taken.append(time.process_time() - start)
    return min(taken)


def drawn(html: str, style: Any) -> Callable[[], object]:
    """`html` through the engine as it comes, with the same style sheet, fonts and tags."""

    def make() -> None:
        with collecting_later():
            page = HTML(string=html, base_url="report:", url_fetcher=engine.fetcher())
            page.write_pdf(io.BytesIO(), stylesheets=[style], pdf_variant="pdf/ua-1")

    return make


def cold() -> float:
    """CPU seconds of a process that makes one report and ends."""
    before = os.times()
    subprocess.run([sys.executable, __file__, "--one"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def pages(data: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(data)).pages)


def main(rounds: int) -> None:
    one = content()
    style, _ = engine.style_for(settings.REPORT_PAPER, ())
    empty = best(drawn("<!DOCTYPE html><html lang='en'><title>x</title><p>x", style), rounds)
    print(f"{'empty page':<22}{empty:8.3f} s")
    for name, made in (("report", one), ("three times the rows", longer(one, 3))):
        count = pages(pdf.report_pdf(made))
        took = best(lambda made=made: pdf.report_pdf(made), rounds)
        page = took / count * 1000
        print(f"{name:<22}{took:8.3f} s {took / empty:6.0f} x empty {count:4} pages {page:6.0f} ms a page")
    html = render_to_string("reports/report.html", pdf._page(one))
    print(f"{'untouched':<22}{best(drawn(html, style), rounds):8.3f} s")
    print(f"{'cold':<22}{min(cold() for _ in range(2)):8.3f} s")
    print(f"{'workbook':<22}{best(lambda: report_workbook(one), rounds):8.3f} s")


if __name__ == "__main__":
    if sys.argv[1:] == ["--one"]:
        pdf.report_pdf(content())
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 5)
