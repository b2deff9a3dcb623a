"""Standard questionnaires: read out of a sheet, judged once by a person, asked with, and never changed after that."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from riskassess.accounts.models import Membership, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Answer, Assessment
from riskassess.evidence.models import Claim
from riskassess.imports.services import upload
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.questionnaires.entries import read
from riskassess.questionnaires.models import Inquiry, QuestionSet, SetQuestion
from riskassess.questionnaires.reviewing import accept_all
from riskassess.questionnaires.services import hand_in, keep
from riskassess.questionnaires.set_mapping import proposals
from riskassess.questionnaires.set_reading import plain, questions_in
from riskassess.questionnaires.set_services import (
    About,
    add_set,
    add_set_of_import,
    as_new,
    map_question,
    remove,
    revise,
)
from riskassess.sheets.workbook import open_workbook
from tests.builders import TODAY, make_unit
from tests.queries import FRAME, assert_queries
from tests.questionnaires.conftest import GITA, make_inquiry

HEADER = ("Section", "ID", "Type", "Question / text", "Choices", "Condition", "Severity")
ROWS = (
    ("Programme", None, "info", "<b>Why this matters:</b> so that it does.", None, None, None),
    ("Programme", "crypt", "radiogroup", "<p>Keys are hard to keep.</p><p>Do you encrypt customer data at rest?</p>",
     "crypt_yes: Yes, all of it &amp; its backups\ncrypt_no: No", None, None),
    ("Programme", "warn_crypt", "tip", "Please do.", None, "crypt_no", "critical"),
    ("Programme", "crypt_how", "box", "Which keys do you use?", None, "crypt_yes", None),
    ("Access", None, "checkgroup", "Select what you have:", "sso: Single sign-on\nmfa: A second factor", None, None),
    ("Access", "bounty", "radiogroup", "Is there a bounty for vulnerabilities?", "Yes\nNo", "sso || !mfa", None),
    ("Access", "since", "date", "Since when?", None, None, None),
)  # fmt: skip


def sheet_of(*rows: Any, header: Any = HEADER) -> bytes:
    book = Workbook()
    for row in (header, *rows):
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def house(ana: User) -> QuestionSet:
    return add_set(sheet_of(*ROWS), "house.xlsx", About("House questions", "Example", "3", "CC0"), by=ana)


def asked(found: QuestionSet, position: int) -> SetQuestion:
    return found.questions.get(position=position)


class TestReading:
    def test_questions_with_kinds_choices_help_and_what_a_warning_says(self, house: QuestionSet) -> None:
        found = {one.code or one.text: one for one in house.questions.all()}
        assert list(found) == ["crypt", "crypt_how", "Select what you have:", "bounty", "since"]
        crypt = found["crypt"]
        assert (crypt.kind, crypt.text, crypt.help) == (
            "one", "Do you encrypt customer data at rest?", "Keys are hard to keep.",
        )  # fmt: skip
        assert crypt.choices == [["crypt_yes", "Yes, all of it & its backups"], ["crypt_no", "No"]]
        assert crypt.suggested == {"crypt_yes": [0, 1], "crypt_no": 4}
        assert found["crypt_how"].help == "Only if “Yes, all of it & its backups”."
        assert found["bounty"].help == "Only if “Single sign-on” or not “A second factor”."
        assert [one.kind for one in found.values()] == ["one", "text", "many", "bool", "date"]
        assert (crypt.sheet, crypt.cell, crypt.section) == ("Sheet", "D3", "Programme")

    def test_rows_that_are_no_questions_are_told_with_the_reason(self, house: QuestionSet) -> None:
        assert [(one["cell"], one["why"]) for one in house.left_out] == [
            ("D2", "information, not a question"),
            ("D4", "a warning, kept as what it says of an answer (critical)"),
        ]

    def test_no_answer_that_nobody_graded_is_proposed_as_good(self, ana: User) -> None:
        """Warned against without a grade, or an answer that says nothing: no level is there to be nodded through."""
        choices = "k_all: All of it\nk_old: With an old cipher\nk_no: None\nk_ask: I don't know\nk_na: Other, namely:"
        rows = (
            ("Keys", "k", "radiogroup", "What is encrypted?", choices, None, None),
            ("Keys", "w1", "tip", "Bad.", None, "k_no", "critical"),
            ("Keys", "w2", "warning", "An old one can be broken.", None, "k_old && !k_all", None),
            ("Keys", "log", "radiogroup", "Who reads the log?", "l_us: We do\nl_none: Nobody", None, None),
            ("Keys", "w3", "tip", "Somebody should.", None, "l_none", "of note"),
        )
        made = add_set(sheet_of(*rows), "keys.xlsx", About("Keys"), by=ana)
        assert asked(made, 1).suggested == {"k_all": [0, 1], "k_no": 4}
        assert asked(made, 2).suggested == {}
        assert [one["why"] for one in made.left_out[1:]] == [
            "a warning about an answer, of which no level is proposed"
        ] * 2

    def test_all_rows_left_out_are_counted_where_not_all_are_kept(self, ana: User, as_ana: Client) -> None:
        notes = [("Programme", None, "info", f"Note {number}.", None, None, None) for number in range(620)]
        made = add_set(sheet_of(*ROWS, *notes), "long.xlsx", About("Long"), by=ana)
        assert made.left_out_count == 622
        html = as_ana.get(made.get_absolute_url()).content.decode()
        assert "622 rows of the file that are no questions; the first 500" in html

    def test_any_sheet_of_questions_will_do(self) -> None:
        data = sheet_of(("1", "Who is on call?"), ("2", "Since when?"), header=("ID", "Question"))
        found = questions_in(open_workbook(data, "ours.xlsx"))
        assert [(one.code, one.text, one.kind) for one in found.questions] == [
            ("1", "Who is on call?", "text"),
            ("2", "Since when?", "text"),
        ]

    def test_a_published_one_is_read_whole(self) -> None:
        """VSAQ, as it is in the tests of imports: no row is lost, no markup is left."""
        file = Path("tests/sheets/files/blank_questionnaire.csv")
        book = open_workbook(file.read_bytes(), file.name)
        found = questions_in(book)
        assert len(found.questions) + len(found.left_out) == len(book.grids[0].rows) - 1
        assert not any("<" in one.text + one.help for one in found.questions)

    def test_markup_is_taken_off_and_nothing_else(self) -> None:
        assert plain("<p>One &amp; two</p><ul><li>three <b>four</b></li></ul>") == "One & two\nthree four"
        assert plain("a < b") == "a < b"
        assert plain("<script>alert(1)</script>x") == "alert(1)x"

    def test_what_has_no_questions_is_refused(self, ana: User, house: QuestionSet, ben: User) -> None:
        prices = sheet_of((1, 2), header=("Input price", "Output price"))
        with pytest.raises(InvalidInput, match="No sheet has a column of questions"):
            add_set(prices, "prices.xlsx", About("Prices"), by=ana)
        with pytest.raises(Conflict, match="there already"):
            add_set(sheet_of(*ROWS), "house.xlsx", About("House questions", "Example", "3"), by=ana)
        with pytest.raises(NotAllowed):
            add_set(sheet_of(*ROWS), "house.xlsx", About("Others"), by=ben)
        assert QuestionSet.objects.count() == 1


def _refuse(batch: Any, *, by: User) -> None:
    raise Conflict("It has moved on.")


class TestTwoAtOnce:
    def test_the_same_version_added_meanwhile_is_said_as_ever(
        self, ana: User, house: QuestionSet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both looked before either wrote: the database refuses the second one, and that is told in words."""
        monkeypatch.setattr(
            "django.db.models.query.QuerySet.exists", lambda self: self.model is not QuestionSet
        )
        with pytest.raises(Conflict, match="there already"):
            add_set(sheet_of(*ROWS), "house.xlsx", About("House questions", "Example", "3"), by=ana)

    def test_a_revision_waits_for_the_other_before_it_counts(self, house: QuestionSet, ana: User) -> None:
        with CaptureQueriesContext(connection) as captured:
            revise(house, by=ana)
        sql = [query["sql"] for query in captured.captured_queries]
        counts = next(at for at, one in enumerate(sql) if "MAX(" in one)
        lock = 'SELECT "questionnaires_questionset"."id", "questionnaires_questionset"."name"'
        assert any(one.startswith(lock) for one in sql[:counts])


class TestMeaning:
    def test_proposals_name_the_words_they_rest_on(self) -> None:
        found = proposals("Is data encrypted under customer keys?", "bool")
        assert found[0].key == "SEC-ISO"
        assert {"encrypted", "keys"} <= set(found[0].words)
        assert proposals("Which colour has the door?", "text") == ()

    def test_only_what_takes_its_kind_of_answer_is_proposed(self) -> None:
        words = "In which countries is data stored?"
        assert "at_rest_countries" in {one.key for one in proposals(words, "countries")}
        assert "at_rest_countries" not in {one.key for one in proposals(words, "text")}

    def test_judged_by_a_person_with_levels(self, house: QuestionSet, ana: User, ben: User) -> None:
        crypt = asked(house, 1)
        with pytest.raises(InvalidInput, match="No answer has a level"):
            map_question(crypt, "SEC-ISO", {}, by=ana)
        with pytest.raises(InvalidInput, match="no level"):
            map_question(crypt, "SEC-ISO", {"crypt_no": [4, 3]}, by=ana)
        with pytest.raises(InvalidInput, match="another kind of answer"):
            map_question(crypt, "at_rest_countries", {}, by=ana)
        with pytest.raises(NotAllowed):
            map_question(crypt, "SEC-ISO", {"crypt_no": 4}, by=ben)
        map_question(crypt, "SEC-ISO", {"crypt_yes": [0, 2], "crypt_no": 4}, by=ana)
        crypt.refresh_from_db()
        assert (crypt.key, crypt.levels, crypt.mapped_by) == (
            "SEC-ISO",
            {"crypt_yes": [0, 2], "crypt_no": 4},
            ana,
        )

    def test_once_asked_with_it_stays_and_a_revision_can_change(
        self, house: QuestionSet, assessment: Assessment, ana: User
    ) -> None:
        map_question(asked(house, 1), "SEC-ISO", {"crypt_no": 4}, by=ana)
        ask_with(house, assessment, ana)
        with pytest.raises(Conflict, match="stays as it is"):
            map_question(asked(house, 1), "", {}, by=ana)
        with pytest.raises(Conflict, match="stays on record"):
            remove(house, by=ana)
        second = revise(house, by=ana)
        assert (second.revision, second.questions.count(), str(second)) == (
            2,
            5,
            "House questions 3, revision 2",
        )
        map_question(asked(second, 1), "", {}, by=ana)
        assert (asked(house, 1).key, asked(second, 1).key) == ("SEC-ISO", "")
        remove(second, by=ana)


def ask_with(found: QuestionSet, assessment: Assessment, by: User) -> Inquiry:
    from riskassess.questionnaires.services import draft, send

    assert assessment.offering.seller is not None
    questions = [as_new(one) for one in found.questions.order_by("position")]
    made = draft(assessment.offering.seller, assessment.unit, questions, by=by, contact=GITA,
                 offering=assessment.offering, assessment=assessment, sets=[found])  # fmt: skip
    return send(made, by=by)


class TestAsking:
    def test_mapped_answers_are_proposed_and_the_others_are_evidence(
        self, house: QuestionSet, assessment: Assessment, ana: User, as_ana: Client, as_cleo: Client
    ) -> None:
        map_question(asked(house, 1), "SEC-ISO", {"crypt_yes": [0, 1], "crypt_no": 4}, by=ana)
        inquiry = ask_with(house, assessment, ana)
        for position, raw in ((1, "crypt_yes"), (2, "Ours, in an HSM"), (3, "sso")):
            question = inquiry.questions.get(position=position)
            keep(question, read(question, "known", raw), at=timezone.now())
        hand_in(inquiry, at=timezone.now())
        assert not Claim.objects.exists(), "nothing counts before it is reviewed"
        accept_all(inquiry, by=ana)

        answer = Answer.objects.get(assessment=assessment, question="SEC-ISO")
        assert (answer.value, answer.reliability, answer.verification) == ([0, 1], "D", 4)
        claims = {one.title: one for one in Claim.objects.all()}
        assert list(claims) == ["Select what you have:", "Which keys do you use?"]
        claim = claims["Which keys do you use?"]
        assert (claim.statement, claim.kind, claim.unit) == ("Ours, in an HSM", "disclosure", assessment.unit)
        assert claim.links.get().source.unit == assessment.unit
        assert as_ana.get(claim.get_absolute_url()).status_code == 200
        assert as_cleo.get(claim.get_absolute_url()).status_code == 404
        assert "Which keys" not in as_cleo.get("/claims/").content.decode()
        assert not Claim.objects.about(assessment.offering).exists(), "it decides nothing"

    def test_picked_on_the_page_it_prefills_the_inquiry(
        self, house: QuestionSet, assessment: Assessment, as_ana: Client
    ) -> None:
        address = reverse("questionnaires:ask", args=[assessment.pk])
        assert f'<option value="{house.pk}">' in as_ana.get(address).content.decode()
        html = as_ana.get(f"{address}?set={house.pk}").content.decode()
        first = asked(house, 1)
        assert f'value="s{first.pk}" checked' in html
        sent = {
            "vendor": assessment.offering.seller_id, "contact_name": "Gita Rao", "days": "14", "then": "send",
            "question": [f"s{first.pk}", f"s{asked(house, 2).pk}"],
        }  # fmt: skip
        as_ana.post(f"{address}?set={house.pk}", sent)
        inquiry = Inquiry.objects.get()
        assert [(one.code, one.heading) for one in inquiry.questions.all()] == [
            ("crypt", "Programme"),
            ("crypt_how", "Programme"),
        ]
        assert house.uses.get().inquiry == inquiry
        assert as_ana.get(f"{address}?set=999").status_code == 404

    def test_over_the_api(self, as_ana: Client, as_evan: Client, assessment: Assessment) -> None:
        file = SimpleUploadedFile("house.xlsx", sheet_of(*ROWS))
        made = as_ana.post("/api/v1/question-sets/", {"file": file, "name": "House questions"})
        assert made.status_code == 201
        pk = made.json()["id"]
        questions = as_ana.get(f"/api/v1/question-sets/{pk}/questions/").json()
        meaning = {"question": questions[0]["id"], "key": "SEC-ISO", "levels": {"crypt_no": 4}}
        kept = as_ana.put(f"/api/v1/question-sets/{pk}/questions/", meaning, content_type="application/json")
        assert kept.json()["levels"] == {"crypt_no": 4}
        asked_ = {"assessment": assessment.pk, "contact_name": "Gita Rao", "question_set": pk}
        sent = as_ana.post("/api/v1/inquiries/", asked_, content_type="application/json")
        assert sent.status_code == 201
        assert Inquiry.objects.get().questions.count() == 5
        again = as_ana.put(f"/api/v1/question-sets/{pk}/questions/", meaning, content_type="application/json")
        assert again.status_code == 409
        assert as_ana.post(f"/api/v1/question-sets/{pk}/revise/").json()["revision"] == 2
        assert as_evan.get("/api/v1/question-sets/").json()["results"] == []


class TestPages:
    def test_from_an_import_that_turns_out_to_be_a_questionnaire(self, as_ana: Client, ana: User) -> None:
        unit = ana.memberships.get().unit
        batch = upload(sheet_of(*ROWS), "vsaq.xlsx", unit=unit, by=ana, stated_on=TODAY, shape="questions")
        html = as_ana.get(reverse("imports:columns", args=[batch.pk])).content.decode()
        address = reverse("questionnaires:set_of_import", args=[batch.pk])
        assert f'href="{address}"' in html
        page = as_ana.get(address).content.decode()
        assert 'value="Sheet"' in page
        done = as_ana.post(address, {"name": "VSAQ", "sheets": ["Sheet"]}, follow=True).content.decode()
        assert "5 questions added" in done
        assert not type(batch).objects.filter(pk=batch.pk).exists(), "the import is forgotten"

    def test_what_another_unit_uploaded_only_who_imports_there_makes_a_set_of(
        self, as_ana: Client, ana: User, as_dora: Client, dora: User
    ) -> None:
        """Dora reads everything as auditor and imports at home: that does not let her take ana's upload away."""
        Membership.objects.create(user=dora, unit=make_unit("Audit"), role=Role.CATALOG_MANAGER.value)
        unit = ana.memberships.get().unit
        batch = upload(sheet_of(*ROWS), "vsaq.xlsx", unit=unit, by=ana, stated_on=TODAY, shape="questions")
        address = reverse("questionnaires:set_of_import", args=[batch.pk])
        assert as_dora.get(address).status_code == 403
        assert as_dora.post(address, {"name": "VSAQ"}).status_code == 403
        with pytest.raises(NotAllowed, match="uploaded"):
            add_set_of_import(batch, About("VSAQ"), by=dora)
        assert not QuestionSet.objects.exists()
        assert type(batch).objects.filter(pk=batch.pk).exists()

    def test_the_set_and_the_forgotten_import_are_one_step(
        self, ana: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unit = ana.memberships.get().unit
        batch = upload(sheet_of(*ROWS), "vsaq.xlsx", unit=unit, by=ana, stated_on=TODAY, shape="questions")
        stale = type(batch).objects.get(pk=batch.pk)
        with monkeypatch.context() as broken:
            broken.setattr("riskassess.imports.services.discard", _refuse)
            with pytest.raises(Conflict, match="moved on"):
                add_set_of_import(batch, About("VSAQ"), by=ana)
        assert not QuestionSet.objects.exists(), "an import that stays leaves no set behind"
        add_set_of_import(batch, About("VSAQ"), by=ana)
        with pytest.raises(Conflict, match="moved on"):
            add_set_of_import(stale, About("VSAQ again"), by=ana)

    def test_whose_inquiries_a_set_was_asked_with_the_count_does_not_tell(
        self, house: QuestionSet, assessment: Assessment, ana: User, as_cleo: Client, as_ana: Client
    ) -> None:
        ask_with(house, assessment, ana)
        counted = QuestionSet.objects.counted
        assert counted(ana).get().used == 1
        cleo = User.objects.get(name__startswith="Cleo")
        assert counted(cleo).get().used == 0
        assert counted(cleo).get().is_fixed, "for her too it cannot be changed any more"
        cells = [c.get(reverse("questionnaires:sets")).content.decode() for c in (as_ana, as_cleo)]
        assert [">1</td>" in html for html in cells] == [True, False]

    def test_added_judged_one_after_the_other(self, as_ana: Client, db: None) -> None:
        file = SimpleUploadedFile("house.xlsx", sheet_of(*ROWS))
        done = as_ana.post(reverse("questionnaires:add_set"), {"file": file, "name": "House"}, follow=True)
        found = QuestionSet.objects.get()
        assert done.redirect_chain[-1][0] == found.get_absolute_url()
        first = reverse("questionnaires:map", args=[found.pk, asked(found, 1).pk])
        html = as_ana.get(first).content.decode()
        assert 'value="SEC-ISO"' in html
        assert '<option value="0-1" selected>' in html, "the questionnaire's own warning"
        refused = as_ana.post(first, {})
        assert refused.status_code == 422
        kept = as_ana.post(first, {"key": "SEC-ISO", "level-0": "0-1", "level-1": "4"})
        assert kept["Location"] == reverse("questionnaires:map", args=[found.pk, asked(found, 2).pk])
        assert asked(found, 1).levels == {"crypt_yes": [0, 1], "crypt_no": 4}
        as_ana.post(kept["Location"], {"key": "evidence"})
        assert asked(found, 2).mapped_at is not None
        for show, words in (("mapped", "SEC-ISO"), ("evidence", "Evidence alone"), ("open", "To judge")):
            assert words in as_ana.get(f"{found.get_absolute_url()}?show={show}").content.decode()

    def test_a_file_without_questions_is_said_beside_the_field(self, as_ana: Client, db: None) -> None:
        file = SimpleUploadedFile("prices.xlsx", sheet_of((1, 2), header=("Input price", "Output price")))
        answer = as_ana.post(reverse("questionnaires:add_set"), {"file": file, "name": "Prices"})
        assert answer.status_code == 422
        assert "No sheet has a column of questions" in answer.content.decode()

    def test_members_read_and_who_may_not_changes_nothing(
        self, house: QuestionSet, as_cleo: Client, as_ben: Client, as_evan: Client, as_dora: Client
    ) -> None:
        assert as_cleo.get(house.get_absolute_url()).status_code == 200, "a questionnaire is the company's"
        assert as_evan.get(house.get_absolute_url()).status_code == 404
        one = reverse("questionnaires:map", args=[house.pk, asked(house, 1).pk])
        for client in (as_ben, as_dora):
            assert client.get(one).status_code == 403
            assert client.get(reverse("questionnaires:add_set")).status_code == 403
            for verb in ("revise_set", "remove_set"):
                assert client.post(reverse(f"questionnaires:{verb}", args=[house.pk])).status_code == 403
        assert QuestionSet.objects.count() == 1

    def test_what_the_pages_ask_of_the_database(self, as_ana: Client, house: QuestionSet) -> None:
        revise(house, by=house.added_by)
        listed = (*FRAME, "which rows", "the rows, counted")
        assert_queries(as_ana, reverse("questionnaires:sets"), listed)
        detail = (*FRAME, "the set, counted", "its questions")
        assert_queries(as_ana, house.get_absolute_url(), detail)


def test_asked_as_ever_where_no_set_is_picked(assessment: Assessment, ana: User) -> None:
    inquiry = make_inquiry(assessment, ana)
    assert not inquiry.set_uses.exists()
