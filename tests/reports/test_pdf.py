"""The PDF: readable by machines and by people, the same bytes every time, nothing fetched."""

from __future__ import annotations

import io
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as configured
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.assessments.models import ScoreRun
from riskassess.reports import engine
from riskassess.reports.content import report_content
from riskassess.reports.engine import fetcher
from riskassess.reports.pdf import report_archive, report_pdf
from riskassess.reports.versions import version_of
from riskassess.reports.workbook import report_workbook


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError(f"a report reached for the network: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)


_DRAWN: dict[str, bytes] = {}


def drawn(run: ScoreRun) -> bytes:
    """The PDF of a run, drawn once for all the tests that only read it."""
    if run.result_id not in _DRAWN:
        _DRAWN[run.result_id] = report_pdf(report_content(run))
    return _DRAWN[run.result_id]


@pytest.mark.usefixtures("no_network")
def test_it_says_the_same_as_the_content(any_run: ScoreRun) -> None:
    content, data = report_content(any_run), drawn(any_run)
    text, first = text_of(data), text_of_page(data, 0)
    block = content.block
    figures = (block.risk.shown_low, block.risk.shown_high)
    words = (block.decision.word, content.header.offering, content.header.use, content.reasons[0].title)
    for said in (*figures, *words, content.disclaimer):
        assert " ".join(said.split()) in first, "page one alone is enough"
    for line in content.factors:
        assert line.key in text
        assert line.points_high in text
    assert content.totals.risk_text[0] in text
    assert content.totals.risk_text[1] in text
    assert content.header.result_id in text


def text_of_page(data: bytes, number: int) -> str:
    return " ".join(PdfReader(io.BytesIO(data)).pages[number].extract_text().split())


def test_same_run_same_bytes(run: ScoreRun) -> None:
    assert report_pdf(report_content(run)) == drawn(run)


def test_the_archive_holds_the_workbook_and_the_record_byte_for_byte(run: ScoreRun) -> None:
    content = report_content(run)
    workbook = report_workbook(content)
    archive = report_archive(content, workbook, run.record)
    assert archive == report_archive(content, workbook, run.record), "same bytes"
    with pikepdf.open(io.BytesIO(archive)) as pdf:
        inside = {name.rpartition(".")[2]: file for name, file in pdf.attachments.items()}
        assert inside["json"].get_file().read_bytes() == run.record.encode()
        assert inside["xlsx"].get_file().read_bytes() == workbook
        assert [str(one.AFRelationship) for one in pdf.Root.AF] == ["/Alternative", "/Source"]
        with pdf.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.OutputIntents
    assert text_of(archive) == text_of(drawn(run)), "the same pages"


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_it_fits_the_paper_of_the_organisation(
    run: ScoreRun, settings: Any, paper: str, size: tuple[int, int]
) -> None:
    before = version_of(run, "en")
    settings.REPORT_PAPER = paper
    assert (version_of(run, "en") == before) == (paper == "A4"), "another paper is another file"
    pages = PdfReader(io.BytesIO(report_pdf(report_content(run)))).pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {size}
    assert "Name" in pages[0].extract_text(), "room to decide and sign on page one"
    book = load_workbook(io.BytesIO(report_workbook(report_content(run))))
    assert book["Evidence"].page_setup.paperSize == {"A4": 9, "Letter": 1}[paper]


def test_another_process_writes_the_same_bytes(run: ScoreRun, tmp_path: Path) -> None:
    content = report_content(run)
    (tmp_path / "content").write_bytes(pickle.dumps(content))
    code = (
        "import django, pickle, sys; django.setup()\n"
        "from riskassess.reports.pdf import report_pdf\n"
        "from riskassess.reports.workbook import report_workbook\n"
        f"content = pickle.load(open({str(tmp_path / 'content')!r}, 'rb'))\n"
        f"open({str(tmp_path / 'pdf')!r}, 'wb').write(report_pdf(content))\n"
        f"open({str(tmp_path / 'xlsx')!r}, 'wb').write(report_workbook(content))\n"
    )
    other = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | other, cwd=configured.BASE_DIR)
    assert (tmp_path / "pdf").read_bytes() == drawn(run)
    assert (tmp_path / "xlsx").read_bytes() == report_workbook(content)


def test_its_fonts_are_embedded(run: ScoreRun) -> None:
    with pikepdf.open(io.BytesIO(drawn(run))) as pdf:
        names = {
            str(font.BaseFont)
            for page in pdf.pages
            for font in page.get("/Resources", {}).get("/Font", {}).values()
        }
    assert any("Source" in name for name in names)
    assert all("+" in name for name in names), "subsets, embedded"


@pytest.mark.parametrize(
    "url", ["https://example.com/a.css", "file:///etc/passwd", "data:text/plain,a", "report:x"]
)
def test_nothing_is_loaded_from_elsewhere(url: str) -> None:
    with pytest.raises(ValueError, match="nothing from elsewhere"):
        fetcher().fetch(url)


def test_what_people_wrote_stays_text(run: ScoreRun) -> None:
    run.record = run.record.replace("Suggestions in the editor", "<img src=x>").replace(
        "Group Engineering", "<b>R&amp;D</b> <script>"
    )
    assert "<b>R&amp;D</b> <script>" in text_of(report_pdf(report_content(run)))


def test_the_hairlines_of_a_table_go_on_to_its_last_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ground of a table's body shines through between its rows: it has to be as high as they are."""
    from weasyprint.formatting_structure.boxes import TableRowGroupBox

    grounds: list[tuple[float, float]] = []
    mended = engine._ground_whole_tables

    def seen(document: Any) -> None:
        mended(document)
        for page in document.pages:
            for box in page._page_box.descendants():
                if isinstance(box, TableRowGroupBox) and box.element.tag == "tbody":
                    last = box.children[-1]
                    rows = last.position_y + last.height - box.position_y
                    grounds.append((box.background.layers[-1].painting_area[3], rows))

    monkeypatch.setattr(engine, "_ground_whole_tables", seen)
    rows = "".join(f"<tr><th scope='row'>{at}</th><td>{'long ' * at}</td></tr>" for at in range(1, 80))
    head = "<thead><tr><th scope='col'>No.</th><th scope='col'>Words</th></tr></thead>"
    table = f"<table class='t'>{head}<tbody>{rows}</tbody></table>"
    page = f"<html lang='en'><head><title>x</title></head><body><h1>x</h1>{table}</body></html>"
    engine.printed(page, {}, pdf_variant="pdf/ua-1")
    assert len(grounds) > 1, "the table goes over pages"
    for ground, rows_high in grounds:
        assert ground == pytest.approx(rows_high, abs=2)
