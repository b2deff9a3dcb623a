"""A report in German says the same as the one in English, to the last digit; all else stays in English."""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as translated
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.assessments.models import ScoreRun
from riskassess.jobs.services import drain
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.content import content_of
from riskassess.reports.downloads import name_of
from riskassess.reports.languages import written_in
from riskassess.reports.pdf import report_pdf
from riskassess.reports.services import request_report
from riskassess.reports.shape import ReportContent
from riskassess.reports.workbook import report_workbook
from tests.reports import records

FOLDER = Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Stored:
    assessment_id = 1
    pk = 1


def content_in(language: str) -> ReportContent:
    with written_in(language):
        return content_of(records.rejected(), Stored(), None, ())  # type: ignore[arg-type]


def pdf_in(language: str) -> bytes:
    with written_in(language):
        return report_pdf(content_in(language))


def figures(text: str) -> list[str]:
    """Every number of a text, and every day as ISO writes it, whatever the language; the method's name is none."""
    text = re.sub(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", r"\3-\2-\1", text.replace("vrm-1.0", ""))
    day = rf"\b(\d\d?) ({'|'.join(MONTHS)}) (\d{{4}})\b"
    text = re.sub(day, lambda d: f"{d[3]}-{MONTHS.index(d[2]) + 1:02}-{int(d[1]):02}", text)
    return re.findall(r"\d+(?:[-.,]\d+)*", text)


def same_figures(english: str, german: str) -> bool:
    """Whether all are the same, each marked as its language marks it, or as the source that is quoted marks it."""
    marks = str.maketrans(".,", ",.")
    ours, theirs = figures(german), figures(english)
    return len(ours) == len(theirs) and all(
        one in (other, other.translate(marks)) for one, other in zip(ours, theirs, strict=True)
    )


def texts(one: object) -> Iterator[object]:
    """Every text and number of a content, in its order."""
    if is_dataclass(one):
        for field in fields(one):
            yield from texts(getattr(one, field.name))
    elif isinstance(one, (tuple, list)):
        for part in one:
            yield from texts(part)
    else:
        yield one


def test_both_say_the_same_numbers_and_days_everywhere() -> None:
    pairs = list(zip(texts(content_in("en")), texts(content_in("de")), strict=True))
    for english, german in pairs:
        if isinstance(english, str) and isinstance(german, str):
            assert same_figures(english, german), (english, german)
        else:
            assert german == english
    assert sum(one != other for one, other in pairs) > 200, "the German one is in German"


def test_the_pdf_prints_them_and_names_its_language() -> None:
    content = content_in("de")
    reader = PdfReader(io.BytesIO(pdf_in("de")))
    assert reader.trailer["/Root"]["/Lang"] == "de"
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    block, totals = content.block, content.totals
    for said in (
        "Ablehnen", block.risk.shown_low, block.risk.shown_high, block.opportunity.text, block.coverage_percent,
        *totals.risk_text, *totals.peak_text, *(one.interval.text for one in content.domains),
        *(line.points_text for line in content.factors if line.counts), "24.11.2026", "1 von", content.header.result_id,
        "Rechtliche Exposition", "stehen im Wortlaut ihrer Aufzeichnung",
    ):  # fmt: skip
        assert said in text, said
    assert "," in block.risk.shown_low
    assert " of " not in text.split("Rechtliche Exposition")[0]


def test_the_workbook_holds_the_same_numbers_and_formulas_under_german_titles() -> None:
    books = []
    for language in ("en", "de"):
        with written_in(language):
            books.append(load_workbook(io.BytesIO(report_workbook(content_in(language)))))
    english, german = books
    assert german.sheetnames == english.sheetnames, "formulas and what others link to name them"
    assert {name: one.attr_text for name, one in german.defined_names.items()} == {
        name: one.attr_text for name, one in english.defined_names.items()
    }
    for sheet in english:
        for row in sheet.iter_rows():
            for cell in row:
                _same_cell(cell, german[sheet.title][cell.coordinate])
    assert german["Evidence"]["A1"].value == "Faktor"
    assert german["Summary"]["D2"].value == '=IF(B2=C2,"gleich","geändert")'
    assert isinstance(german["Summary"]["B2"].value, float)


def _same_cell(english: Any, german: Any) -> None:
    at = f"{english.parent.title}!{english.coordinate}"
    assert german.number_format == english.number_format, at
    if not isinstance(english.value, str) or english.value.startswith("="):
        said = str(german.value).replace("gleich", "same").replace("geändert", "changed")
        assert german.data_type == english.data_type, at
        assert said == str(english.value), at
    else:
        assert same_figures(english.value, german.value), at


def test_the_same_language_is_the_same_bytes_whatever_was_drawn_between() -> None:
    first = pdf_in("en")
    assert pdf_in("de") != first
    assert pdf_in("en") == first


# -- asking for it -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_language_is_a_file_of_its_own(run: ScoreRun) -> None:
    english, _ = request_report(run, "xlsx", by=None)
    german, _ = request_report(run, "xlsx", by=None, language="de")
    assert (english.language, german.language) == ("en", "de")
    assert english.version != german.version
    assert request_report(run, "xlsx", by=None, language="de")[0] == german
    drain()
    german.refresh_from_db()
    assert name_of(german).endswith("-de.xlsx")
    assert load_workbook(german.file.open("rb"))["Tornado"]["B1"].value == "Faktor"


@pytest.mark.django_db
def test_an_installation_can_have_its_own(run: ScoreRun, settings: LazySettings) -> None:
    settings.REPORT_LANGUAGE = "de"
    assert request_report(run, "pdf", by=None)[0].language == "de"


@pytest.mark.django_db
def test_one_that_we_do_not_have_is_refused(run: ScoreRun) -> None:
    with pytest.raises(InvalidInput, match="no reports in “xx”"):
        request_report(run, "pdf", by=None, language="xx")


@pytest.mark.django_db
def test_the_page_offers_the_other_and_stays_in_english_itself(as_ana: Client, run: ScoreRun) -> None:
    asked = as_ana.post(f"{reverse('reports:make', args=[run.pk])}?language=de", {"format": "xlsx"})
    drain()
    page = as_ana.get(asked["Location"], headers={"Accept-Language": "de"}).content.decode()
    assert f'action="{reverse("reports:make", args=[run.pk])}?language=en"' in page
    assert "Download the Workbook" in page
    decision = as_ana.get(reverse("reports:run", args=[run.pk]), headers={"Accept-Language": "de"})
    assert "Regulatory exposure" in decision.content.decode()


# -- the words ---------------------------------------------------------------------------------------------


def test_what_is_not_translated_is_said_in_english() -> None:
    with written_in("de"):
        assert translated("Nobody has translated this sentence.") == "Nobody has translated this sentence."


def written() -> dict[str | tuple[str, int], str]:
    """The catalog of German as it is written, keyed as Python reads the compiled one."""
    found: dict[str | tuple[str, int], str] = {}
    for entry in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n"):
        said: dict[str, str] = {}
        for key, text in re.findall(
            r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', f"{entry}\n", re.MULTILINE
        ):
            said[key] = "".join(ast.literal_eval(line) for line in text.strip().split("\n"))
        if "msgid_plural" in said:
            found |= {(said["msgid"], at): said[f"msgstr[{at}]"] for at in (0, 1)}
        elif said:
            found[said["msgid"]] = said["msgstr"]
    return found


def test_the_compiled_words_are_those_that_are_written() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    source = written()
    del source[""], compiled[""]
    assert compiled == source, "run: python manage.py compilemessages"
    assert all(source.values()), "each has its translation"
    assert "#, fuzzy" not in (FOLDER / "django.po").read_text(encoding="utf-8")


def test_placeholders_are_kept() -> None:
    for key, german in written().items():
        english = key if isinstance(key, str) else key[0]
        if english:
            assert sorted(re.findall(r"%\(\w+\)s|%%", german)) == sorted(
                re.findall(r"%\(\w+\)s|%%", english)
            ), english


def test_every_word_of_a_report_is_in_the_catalog() -> None:
    known = {key if isinstance(key, str) else key[0] for key in written()}
    said: set[str] = set()
    for path in (Path(settings.BASE_DIR) / "riskassess" / "reports").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "_",
                "gettext_noop",
                "ngettext",
            ):
                said |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    for name in ("report.html", "_report_more.html"):
        page = (Path(settings.BASE_DIR) / "templates" / "reports" / name).read_text(encoding="utf-8")
        said |= set(re.findall(r'{% translate "([^"]+)" %}', page))
    assert said - known == set(), "run: python manage.py makemessages -l de --no-wrap --add-location file"
    assert len(said) > 400
