"""An inquiry as a workbook: out, filled in, back. What is not touched changes nothing; what is wrong says its cell."""

from __future__ import annotations

import io
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import score
from riskassess.kernel.errors import InvalidInput, NotAllowed
from riskassess.questionnaires import workbook_services
from riskassess.questionnaires.asked import NewQuestion, as_row
from riskassess.questionnaires.cells import Cells, cells_of, entry_of
from riskassess.questionnaires.entries import read
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer
from riskassess.questionnaires.requesting import put_requests
from riskassess.questionnaires.reviewing import accept_all
from riskassess.questionnaires.services import give_back, hand_in, revoke
from riskassess.questionnaires.workbook import FIRST_INPUT, HEADER_ROW, QUESTIONS, inquiry_workbook
from riskassess.questionnaires.workbook_reading import opened as opened_workbook
from riskassess.questionnaires.workbook_reading import read_workbook
from riskassess.questionnaires.workbook_services import Taken, take_workbook, workbook_of
from tests.questionnaires.conftest import make_inquiry, page_of, question_of, says
from tests.reports.office import converted

ANSWER, CANNOT, NOTE, DOCUMENT = range(FIRST_INPUT + 1, FIRST_INPUT + 5)  # columns, counted from 1


def opened(data: bytes) -> tuple[Any, Any]:
    book = load_workbook(io.BytesIO(data))
    return book, book[QUESTIONS]


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def row_of(sheet: Any, position: int) -> int:
    return next(cell.row for cell in sheet["A"] if cell.value == position)


def filled(inquiry: Inquiry, change: Callable[[Any], None]) -> bytes:
    """The workbook as it is handed out, after `change` to its sheet of questions."""
    book, sheet = opened(workbook_of(inquiry))
    change(sheet)
    return saved(book)


def put(sheet: Any, position: int, **cells: Any) -> None:
    columns = {"answer": ANSWER, "cannot": CANNOT, "note": NOTE, "document": DOCUMENT}
    for name, value in cells.items():
        sheet.cell(row_of(sheet, position), columns[name]).value = value


def brought(inquiry: Inquiry, data: bytes, **more: Any) -> Taken:
    inquiry.refresh_from_db()
    return take_workbook(inquiry, data, "back.xlsx", at=timezone.now(), **more)


def answers(inquiry: Inquiry) -> dict[str, tuple[str, Any, str]]:
    found = VendorAnswer.objects.filter(question__inquiry=inquiry).select_related("question")
    return {one.question.key or one.question.text: (one.state, one.value, one.note) for one in found}


class TestThereAndBack:
    def test_what_gita_fills_in_waits_for_review_like_what_she_types(
        self, inquiry: Inquiry, ana: User
    ) -> None:
        def fill(sheet: Any) -> None:
            put(sheet, 1, answer="a) Never, contract clause", note="Clause 7", document="MSA 2026.pdf")
            put(sheet, 2, answer="No")
            put(sheet, 3, answer="DE, Ireland")
            put(sheet, 4, answer=date(2026, 3, 1))
            put(sheet, 5, cannot="We would rather not say")
            put(sheet, 6, answer="Somebody, always")

        taken = brought(inquiry, filled(inquiry, fill), by=ana)
        assert (taken.changed, taken.unchanged, taken.problems) == (6, 0, ())
        assert answers(inquiry) == {
            "DAT-TRN": ("known", "0", "Clause 7\nDocument: MSA 2026.pdf"),
            "training_on_data": ("known", False, ""),
            "at_rest_countries": ("known", ["DE", "IE"], ""),
            "gpai_placed_eu": ("known", "2026-03-01", ""),
            "stage": ("declined", None, ""),
            "Who is on call?": ("known", "Somebody, always", ""),
        }
        one = VendorAnswer.objects.get(question=question_of(inquiry, "DAT-TRN"))
        assert (one.came_by, one.entered_by, one.review) == ("workbook", ana, "")

    def test_with_nothing_changed_nothing_changes(self, inquiry: Inquiry) -> None:
        says(inquiry, "DAT-TRN", "0", note="Clause 7\n\nDocument: MSA.pdf")
        says(inquiry, "at_rest_countries", state="unknown")
        says(inquiry, "gpai_placed_eu", "1890-01-02")
        before = answers(inquiry)
        when = VendorAnswer.objects.values_list("pk", "answered_at", "came_by")
        stood = list(when)
        taken = brought(inquiry, workbook_of(inquiry))
        assert (taken.changed, taken.unchanged) == (0, 6)
        assert (answers(inquiry), list(when)) == (before, stood)

    def test_a_cell_that_is_not_touched_leaves_what_was_typed_meanwhile(self, inquiry: Inquiry) -> None:
        data = filled(inquiry, lambda sheet: put(sheet, 2, answer="Yes"))
        says(inquiry, "DAT-TRN", "1", note="Typed after the workbook was made")
        assert brought(inquiry, data).changed == 1
        assert answers(inquiry)["DAT-TRN"] == ("known", "1", "Typed after the workbook was made")

    def test_two_answers_to_one_question_are_told_and_neither_is_lost(self, inquiry: Inquiry) -> None:
        data = filled(inquiry, lambda sheet: (put(sheet, 1, answer="a"), put(sheet, 2, answer="Yes")))
        says(inquiry, "DAT-TRN", "3")
        (problem,) = brought(inquiry, data).problems
        assert problem.cell == "Questions!D5"
        assert "answered otherwise since" in problem.what
        assert answers(inquiry) == {"DAT-TRN": ("known", "3", "")}, "nothing is half applied"
        same = filled(inquiry, lambda sheet: None)
        says(inquiry, "DAT-TRN", "3", note="Now with a note")
        assert brought(inquiry, same).problems == ()

    def test_an_emptied_cell_takes_the_answer_back(self, inquiry: Inquiry) -> None:
        says(inquiry, "DAT-TRN", "0", note="Clause 7")
        taken = brought(inquiry, filled(inquiry, lambda sheet: put(sheet, 1, answer=None, note=None)))
        assert (taken.changed, answers(inquiry)) == (1, {})

    def test_moved_rows_are_found_by_their_number(self, inquiry: Inquiry) -> None:
        def turned_round(sheet: Any) -> None:
            put(sheet, 2, answer="Yes")
            rows = [row_of(sheet, position) for position in range(1, 7)]
            kept = [[cell.value for cell in sheet[row]] for row in rows]
            for row, values in zip(reversed(rows), kept, strict=True):
                for cell, value in zip(sheet[row], values, strict=True):
                    cell.value = value
            sheet.insert_rows(HEADER_ROW)

        taken = brought(inquiry, filled(inquiry, turned_round))
        assert taken.problems == ()
        assert answers(inquiry) == {"training_on_data": ("known", True, "")}

    def test_complete_hands_it_in(self, inquiry: Inquiry, ana: User) -> None:
        data = filled(inquiry, lambda sheet: put(sheet, 2, answer="Yes"))
        brought(inquiry, data, by=ana, complete=True)
        inquiry.refresh_from_db()
        assert inquiry.handed_in_at is not None

    def test_a_reviewed_answer_stays(self, inquiry: Inquiry, ana: User) -> None:
        says(inquiry, "DAT-TRN", "0")
        hand_in(inquiry, at=timezone.now())
        accept_all(inquiry, by=ana)
        give_back(inquiry, by=ana)
        assert brought(inquiry, workbook_of(inquiry)).problems == ()
        (problem,) = brought(inquiry, filled(inquiry, lambda sheet: put(sheet, 1, answer="b"))).problems
        assert "reviewed already" in problem.what
        sheet = opened(workbook_of(inquiry))[1]
        assert sheet.cell(row_of(sheet, 1), ANSWER).protection.locked


class TestWhatKeepsItOut:
    @pytest.mark.parametrize(
        ("position", "cells", "cell", "words"),
        [
            (1, {"answer": "Sometimes"}, "D5", "none of the answers"),
            (2, {"answer": "perhaps"}, "D6", "none of the answers"),
            (2, {"answer": "Yes", "cannot": "We do not know"}, "E6", "an answer, and that it cannot"),
            (2, {"cannot": "Ask later"}, "E6", "none of the reasons"),
            (2, {"document": "MSA.pdf"}, "D6", "no answer"),
            (3, {"answer": "Atlantis"}, "D7", "no country"),
            (4, {"answer": "in spring"}, "D8", "no day"),
            (6, {"answer": "Gita", "note": "x" * 5001}, "F10", "5,001 characters"),
        ],
    )  # fmt: skip
    def test_each_cell_says_what_is_wrong(
        self, inquiry: Inquiry, position: int, cells: Any, cell: str, words: str
    ) -> None:
        taken = brought(inquiry, filled(inquiry, lambda sheet: put(sheet, position, **cells)))
        assert [one.cell for one in taken.problems] == [f"Questions!{cell}"]
        assert words in taken.problems[0].what
        assert taken.problems[0].hint

    def test_all_of_them_at_once_and_nothing_is_applied(self, inquiry: Inquiry) -> None:
        def fill(sheet: Any) -> None:
            put(sheet, 1, answer="Sometimes")
            put(sheet, 2, answer="Yes")
            put(sheet, 4, answer="in spring")

        taken = brought(inquiry, filled(inquiry, fill))
        assert [one.cell for one in taken.problems] == ["Questions!D5", "Questions!D8"]
        assert answers(inquiry) == {}

    def test_a_deleted_row_is_missed(self, inquiry: Inquiry) -> None:
        taken = brought(inquiry, filled(inquiry, lambda sheet: sheet.delete_rows(row_of(sheet, 2))))
        assert [one.what for one in taken.problems] == ["Question 2 has no row any more."]

    def test_a_copied_row_and_a_stray_answer_are_told(self, inquiry: Inquiry) -> None:
        def copy(sheet: Any) -> None:
            for cell in list(sheet[row_of(sheet, 2)]):
                sheet.cell(12, cell.column).value = cell.value
            sheet.cell(14, ANSWER).value = "To whom?"

        taken = brought(inquiry, filled(inquiry, copy))
        assert [(one.cell, one.what) for one in taken.problems] == [
            ("Questions!A12", "Question 2 stands here a second time, after Questions!A6."),
            ("Questions!D14", "This answer stands beside no question."),
        ]

    def test_words_that_were_changed(self, inquiry: Inquiry) -> None:
        def change(sheet: Any) -> None:
            sheet.cell(row_of(sheet, 2), 2).value = "Is the sky blue?"
            put(sheet, 2, answer="Yes")

        (problem,) = brought(inquiry, filled(inquiry, change)).problems
        assert (problem.cell, problem.what) == (
            "Questions!B6",
            "This is no longer question 2: its words were changed.",
        )

    def test_columns_that_were_moved(self, inquiry: Inquiry) -> None:
        with pytest.raises(InvalidInput, match="“Your answer” is not where it was"):
            brought(inquiry, filled(inquiry, lambda sheet: sheet.insert_cols(4)))
        with pytest.raises(InvalidInput, match="column titles is gone"):
            brought(inquiry, filled(inquiry, lambda sheet: sheet.delete_rows(HEADER_ROW + 1)))

    def test_a_foreign_workbook_another_ones_and_an_altered_stamp(
        self, inquiry: Inquiry, assessment: Assessment, ana: User
    ) -> None:
        foreign = Workbook()
        foreign.worksheets[0]["A1"] = "Prices"
        with pytest.raises(InvalidInput, match="not the workbook of these questions"):
            brought(inquiry, saved(foreign))
        with pytest.raises(InvalidInput):
            brought(inquiry, b"not a workbook")
        other = make_inquiry(assessment, ana)
        with pytest.raises(InvalidInput, match="belongs to other questions"):
            brought(inquiry, workbook_of(other))
        book, _ = opened(workbook_of(other))
        book["Stamp"]["A1"] = book["Stamp"]["A1"].value.replace(":", "x:", 1)
        with pytest.raises(InvalidInput, match="stamp was altered"):
            brought(inquiry, saved(book))
        assert answers(inquiry) == {}

    def test_a_formula_that_failed(self, inquiry: Inquiry) -> None:
        """As a spreadsheet program saves it: the formula's value is an error."""
        book, sheet = opened(workbook_of(inquiry))
        cell = sheet.cell(row_of(sheet, 2), ANSWER)
        cell.value = "#REF!"
        cell.data_type = "e"
        (problem,) = brought(inquiry, saved(book)).problems
        assert (problem.cell, problem.what) == ("Questions!D6", "A formula here came out as #REF!.")

    def test_who_may_bring_it_in(self, inquiry: Inquiry, ben: User, cleo: User) -> None:
        for person in (ben, cleo):
            with pytest.raises(NotAllowed):
                brought(inquiry, workbook_of(inquiry), by=person)


class TestWhatItShows:
    def test_only_the_input_can_be_typed_in_and_choices_drop_down(self, inquiry: Inquiry) -> None:
        book, sheet = opened(workbook_of(inquiry))
        assert sheet.protection.sheet
        assert {book["Lists"].sheet_state, book["Stamp"].sheet_state} == {"veryHidden"}
        row = row_of(sheet, 1)
        locked = [sheet.cell(row, column).protection.locked for column in range(1, 8)]
        assert locked == [True, True, True, False, False, False, False]
        rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
        assert rules[f"D{row}"].formula1.startswith("Lists!")
        assert not rules[f"D{row}"].showErrorMessage or rules[f"D{row}"].errorStyle in {None, "stop"}
        assert sheet.print_area
        assert sheet.print_title_rows == "$4:$4"

    @pytest.mark.parametrize(("paper", "number"), [("A4", 9), ("Letter", 1)])
    def test_it_prints_on_the_paper_that_was_chosen(
        self, inquiry: Inquiry, settings: LazySettings, paper: str, number: int
    ) -> None:
        settings.REPORT_PAPER = paper
        book, sheet = opened(workbook_of(inquiry))
        assert sheet.page_setup.paperSize == number
        assert {one.page_setup.paperSize for one in book if one.sheet_state == "visible"} == {number}

    def test_nothing_of_the_buyers_is_in_it(
        self, inquiry: Inquiry, assessment: Assessment, ana: User
    ) -> None:
        """Every part of the package is searched, hidden sheets and properties among them."""
        score(assessment)
        assessment.refresh_from_db()
        inquiry = Inquiry.objects.get(pk=inquiry.pk)
        assert put_requests(inquiry, ["DAT-TRN.0"], figures=False, by=ana) == 1
        book, _ = opened(workbook_of(inquiry))
        said = " ".join(str(cell.value) for sheet in book for row in sheet.rows for cell in row if cell.value)
        assert "Never, contract clause" in said
        for word in (
            assessment.use_case,
            "APPROVE",
            "ESCALATE",
            "Conditional",
            "→",
            "DAT-TRN",
            str(assessment.unit),
        ):
            assert word not in said
        put_requests(inquiry, ["DAT-TRN.0"], figures=True, by=ana)
        sheet = opened(workbook_of(inquiry))[0]["What we ask for"]
        assert any("→" in str(cell.value) for row in sheet.rows for cell in row)


class TestRequests:
    def test_chosen_on_the_page_shown_behind_the_link(
        self, as_ana: Client, inquiry: Inquiry, assessment: Assessment
    ) -> None:
        score(assessment)
        address = reverse("questionnaires:requests", args=[inquiry.pk])
        html = as_ana.get(address).content.decode()
        assert 'value="DAT-TRN.0"' in html
        assert 'value="EVL-TSK.0"' not in html, "our own test is not the vendor's to bring"
        as_ana.post(address, {"item": ["DAT-TRN.0", "SEC-INC.0"]})
        assert [one.figures for one in inquiry.requests.all()] == ["", ""]
        html = Client().get(page_of(inquiry)).content.decode()
        assert "Never, contract clause" in html
        as_ana.post(address, {})
        assert not inquiry.requests.exists()

    def test_what_is_ours_or_unknown_is_refused(
        self, inquiry: Inquiry, assessment: Assessment, ana: User, ben: User
    ) -> None:
        score(assessment)
        inquiry = Inquiry.objects.get(pk=inquiry.pk)
        for key in ("EVL-TSK.0", "NOT-ONE.0"):
            with pytest.raises(InvalidInput, match="nothing that the vendor could bring"):
                put_requests(inquiry, [key], figures=False, by=ana)
        with pytest.raises(NotAllowed):
            put_requests(inquiry, [], figures=False, by=ben)


class TestPages:
    def test_taken_and_brought_back_by_ana(self, as_ana: Client, inquiry: Inquiry) -> None:
        answer = as_ana.get(reverse("questionnaires:workbook", args=[inquiry.pk]))
        assert answer["Content-Disposition"].endswith('.xlsx"')
        book, sheet = opened(answer.content)
        put(sheet, 2, answer="Yes")
        address = reverse("questionnaires:upload", args=[inquiry.pk])
        done = as_ana.post(address, {"file": _file(saved(book)), "complete": "on"}, follow=True)
        assert "1 answer taken in" in done.content.decode()
        inquiry.refresh_from_db()
        assert inquiry.handed_in_at
        late = as_ana.post(address, {"file": _file(saved(book))})
        assert late.status_code == 422
        assert "can no longer be answered" in late.content.decode()

    def test_a_problem_names_its_cell_on_both_pages(self, as_ana: Client, inquiry: Inquiry) -> None:
        data = filled(inquiry, lambda sheet: put(sheet, 4, answer="in spring"))
        for client, address in (
            (as_ana, reverse("questionnaires:upload", args=[inquiry.pk])),
            (Client(), page_of(inquiry, "workbook/back/")),
        ):
            answer = client.post(address, {"file": _file(data)})
            assert answer.status_code == 422
            assert "Questions!D8" in answer.content.decode()
            foreign = client.post(address, {"file": _file(b"a,b\n1,2", "list.csv")})
            assert "not the workbook of these questions" in foreign.content.decode()

    def test_gita_brings_it_back_behind_the_link(self, inquiry: Inquiry) -> None:
        client = Client()
        assert page_of(inquiry, "workbook/back/") in client.get(page_of(inquiry)).content.decode()
        book, sheet = opened(client.get(page_of(inquiry, "workbook/")).content)
        put(sheet, 2, answer="Yes")
        answer = client.post(page_of(inquiry, "workbook/back/"), {"file": _file(saved(book))})
        assert "1 answer taken in" in answer.content.decode()
        one = VendorAnswer.objects.get()
        assert (one.value, one.came_by, one.entered_by) == (True, "workbook", None)
        assert answer["Referrer-Policy"] == "no-referrer"

    def test_the_others_see_nothing_and_a_dead_link_opens_nothing(
        self, as_cleo: Client, as_ben: Client, inquiry: Inquiry, ana: User
    ) -> None:
        for name in ("workbook", "upload", "requests"):
            assert as_cleo.get(reverse(f"questionnaires:{name}", args=[inquiry.pk])).status_code == 404
        for name in ("upload", "requests"):
            assert as_ben.get(reverse(f"questionnaires:{name}", args=[inquiry.pk])).status_code == 403
        live = page_of(inquiry, "workbook/")
        revoke(inquiry, by=ana)
        gone = Client().get(live)
        assert gone.status_code in {404, 410}
        assert "spreadsheet" not in gone["Content-Type"]
        api = reverse("inquiry-workbook", args=[inquiry.pk])
        assert as_cleo.get(api).status_code == 404
        assert as_ben.post(api, {}).status_code == 403

    def test_over_the_api(self, as_ana: Client, inquiry: Inquiry) -> None:
        api = reverse("inquiry-workbook", args=[inquiry.pk])
        book, sheet = opened(as_ana.get(api).content)
        put(sheet, 2, answer="perhaps")
        refused = as_ana.post(api, {"file": _file(saved(book))})
        assert refused.status_code == 422
        assert refused.json()["problems"][0]["cell"] == "Questions!D6"
        put(sheet, 2, answer="no")
        taken = as_ana.post(api, {"file": _file(saved(book)), "complete": "true"})
        assert (taken.status_code, taken.json()["changed"]) == (200, 1)


def _file(data: bytes, name: str = "back.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


# -- whatever the answers ----------------------------------------------------------------------------------

KINDS = InquiryQuestion.Kind
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("\n\t =+-@'\"<&_x0041_;"),
    max_size=60,
)
labels = st.lists(
    st.text(string.ascii_letters + " ,;)(é漢", min_size=1, max_size=30), min_size=1, max_size=30
)
RAW: dict[str, Any] = {
    KINDS.BOOL: st.sampled_from(["true", "false"]),
    KINDS.NUMBER: st.floats(-1e12, 1e12, allow_nan=False).map(repr) | st.integers(-(10**14), 10**14).map(str),
    KINDS.DATE: st.dates(date(1, 1, 1), date(2999, 12, 31)).map(date.isoformat),
    KINDS.TEXT: words,
    KINDS.COUNTRY: st.sampled_from(["DE", "NA", "NO", "US"]),
    KINDS.COUNTRIES: st.lists(st.sampled_from(["DE", "NA", "NO", "US"]), min_size=1, max_size=4),
}  # fmt: skip


@st.composite
def answered_questions(draw: st.DrawFn) -> tuple[InquiryQuestion, VendorAnswer | None]:
    """A question of any kind, and an answer as it would be kept."""
    kind = draw(st.sampled_from(KINDS.values))
    choices = tuple((f"v{at}", label.strip() or "x") for at, label in enumerate(draw(labels)))
    question = as_row(1, 1, NewQuestion(text=draw(words) or "?", kind=kind, choices=choices))
    values = [value for value, _ in choices]
    chosen = st.sampled_from(values) if kind == KINDS.ONE else st.lists(st.sampled_from(values), min_size=1)
    raw = draw(RAW.get(kind, chosen))
    state = draw(st.sampled_from(["known", "known", "known", "unknown", "declined", ""]))
    if state == "known" and not read(question, state, raw).state:
        state = ""  # nothing but blanks was typed
    if not state:
        return question, None
    entry = read(question, state, raw, draw(words))
    return question, VendorAnswer(
        question=question, state=entry.state, value=entry.value, note=entry.note, answered_at=timezone.now()
    )


@settings(max_examples=60)
@given(st.lists(answered_questions(), min_size=1, max_size=6))
def test_any_answers_come_back_as_they_went(rows: list[tuple[InquiryQuestion, VendorAnswer | None]]) -> None:
    """Handed out and brought back untouched they change nothing; into an empty inquiry they are the same answers."""
    inquiry = Inquiry(pk=1, created_at=timezone.now())
    for position, (question, _) in enumerate(rows, 1):
        question.pk = question.position = position
    data = inquiry_workbook(inquiry, rows)
    back = read_workbook(inquiry, rows, opened_workbook(data, "back.xlsx"), "back.xlsx")
    assert (back.changes, back.problems, back.unchanged) == ((), (), len(rows))
    for question, answer in rows:
        if answer is None:
            continue
        entry = entry_of(question, Cells(*cells_of(question, answer).texts))
        assert (entry.state, entry.value) == (answer.state, answer.value)
        assert " ".join(entry.note.split()) == " ".join(answer.note.split())


@pytest.mark.office
def test_through_libreoffice_it_changes_nothing(inquiry: Inquiry, ana: User, tmp_path: Path) -> None:
    """Opened and saved by LibreOffice, as .xlsx and as .ods, it still is itself; and it prints."""
    says(inquiry, "DAT-TRN", "0", note="Clause 7\nDocument: MSA.pdf")
    says(inquiry, "gpai_placed_eu", "2026-03-01")
    says(inquiry, "at_rest_countries", "DE", "NA")
    says(inquiry, "stage", state="declined")
    edited = filled(inquiry, lambda sheet: put(sheet, 2, answer="Yes"))
    books = {"as_it_was": workbook_of(inquiry), "edited": edited}
    for ending in ("xlsx", "ods"):
        (tmp_path / ending).mkdir()
        paths = converted(books, tmp_path / ending, ending)
        back = paths["as_it_was"].read_bytes()
        taken = take_workbook(inquiry, back, f"back.{ending}", at=timezone.now(), by=ana)
        assert (taken.changed, taken.unchanged, taken.problems) == (0, 6, ())
    taken = take_workbook(inquiry, paths["edited"].read_bytes(), "back.ods", at=timezone.now(), by=ana)
    assert (taken.changed, taken.problems) == (1, ())
    (tmp_path / "pdf").mkdir()
    assert converted(books, tmp_path / "pdf", "pdf")["edited"].read_bytes().startswith(b"%PDF")


def test_no_transaction_waits_while_a_strangers_workbook_is_parsed(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, found = len(connection.atomic_blocks), []

    def watched(data: bytes, name: str) -> Any:
        found.append(len(connection.atomic_blocks))
        return opened_workbook(data, name)

    monkeypatch.setattr(workbook_services, "opened", watched)
    take_workbook(inquiry, workbook_of(inquiry), "back.xlsx", at=timezone.now())
    assert found == [outside]
