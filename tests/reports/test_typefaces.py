"""Names in any script: printed as they are written, in faces that travel with the product."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from riskassess.assessments.models import ScoreRun
from riskassess.reports.content import report_content
from riskassess.reports.engine import FOLDER, style_for
from riskassess.reports.pdf import report_pdf
from riskassess.reports.shape import ReportContent
from riskassess.reports.typefaces import FACES, OWN, set_for_print


def called(run: ScoreRun, name: str) -> ReportContent:
    """The report of an offering of that name."""
    content = report_content(run)
    return replace(content, header=replace(content.header, offering=name, channel=""))


def text_of(data: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())


def fonts_of(data: bytes) -> set[str]:
    """The families in the file, without the tag of their subset; all of them are embedded."""
    names = set()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                inner = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in inner or "/FontFile3" in inner, "embedded"
                names.add(str(font.BaseFont).partition("+")[2].removesuffix("-Bold"))
    return names


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Μοντέλο Ωμέγα", ""),
        ("Модель Жук", ""),
        ("日本語モデル株式会社", "Noto-Sans-CJK-JP"),
        ("통합 모델", "Noto-Sans-CJK-JP"),
        ("हिन्दी", "Noto-Sans-Devanagari"),
        ("โมเดล", "Noto-Sans-Thai"),
        ("🤗 Hugging", "Noto-Emoji"),
    ],
)
def test_a_name_is_printed_in_its_own_script(
    run: ScoreRun, name: str, family: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        data = report_pdf(called(run, name))
    assert not [one for one in caplog.messages if "notdef" in one], "no empty boxes"
    assert fonts_of(data) == {"Source-Sans-Pro", family} - {""}, "no more faces than the text needs"
    assert name in text_of(data)


@pytest.mark.parametrize(("name", "family"), [("نموذج", "Noto-Sans-Arabic"), ("דגם", "Noto-Sans-Hebrew")])
def test_what_runs_from_right_to_left_keeps_to_itself(run: ScoreRun, name: str, family: str) -> None:
    data = report_pdf(called(run, name))
    assert fonts_of(data) == {"Source-Sans-Pro", family}
    text, _ = set_for_print(f"{name} · 24 Nov 2026")
    assert text == f"\u2067{name}\u2069 · 24 Nov 2026", "the date stays behind the name"
    quoted = f"{name}&quot;{name}"
    assert set_for_print(f"by {quoted}.")[0] == f"by \u2067{quoted}\u2069.", (
        "a mark within a name is part of it"
    )


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u2069", "\u200f", "\u061c"])
def test_a_name_cannot_turn_the_order_of_what_follows_it(mark: str) -> None:
    assert set_for_print(f"{mark}Model · 24 Nov 2026") == ("Model · 24 Nov 2026", ())
    text, _ = set_for_print(f"דגם{mark} · 24 Nov 2026")
    assert text == "\u2067דגם\u2069 · 24 Nov 2026"


@pytest.mark.parametrize("variant", ["\ufe0e", "\ufe0f", "\U000e0100"])
def test_how_a_sign_is_to_look_brings_no_face_of_its_own(
    run: ScoreRun, variant: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert set_for_print(f"Model{variant}") == (f"Model{variant}", ())
    with caplog.at_level(logging.WARNING, "weasyprint"):
        data = report_pdf(called(run, f"Model{variant} 2"))
    assert fonts_of(data) == {"Source-Sans-Pro"}
    assert "[U+" not in text_of(data)
    assert not [one for one in caplog.messages if "notdef" in one]


def test_a_sign_that_no_face_has_is_printed_as_its_code_point(run: ScoreRun) -> None:
    assert "[U+10380] model" in text_of(report_pdf(called(run, "\U00010380 model")))


def test_one_report_does_not_change_the_next(run: ScoreRun) -> None:
    before = report_pdf(report_content(run))
    report_pdf(called(run, "日本語"))
    assert report_pdf(report_content(run)) == before


def test_no_face_of_the_machine_is_used() -> None:
    assert "<dir" not in (FOLDER / "fonts.conf").read_text()
    assert set_for_print("plain “text” → ≥ 3, Łódź, naïve") == ("plain “text” → ≥ 3, Łódź, naïve", ())
    _, fonts = style_for("A4", ())
    assert len(list(Path(fonts._folder).iterdir())) == len(OWN)


def test_every_face_is_there_under_its_name() -> None:
    assert len(FACES) > 20
    for face in FACES.values():
        assert face.path.is_file(), face
