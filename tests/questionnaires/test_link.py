"""The page behind the link, as somebody without an account meets it, and as somebody who means harm does."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from logging.config import DictConfigurator

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from config.masking import MaskedServer
from riskassess.accounts import limits
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.questionnaires import services
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.reviewing import Verdict, review
from riskassess.questionnaires.states import State
from tests.queries import assert_queries
from tests.questionnaires.conftest import answered, make_inquiry, page_of, question_of, says


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def gita() -> Client:
    """At her own browser, which knows nothing of this site; it checks forgery as browsers make it be checked."""
    return Client(enforce_csrf_checks=True, headers={"origin": "null"})


def field(inquiry: Inquiry, key: str, part: str = "value") -> str:
    return f"q{question_of(inquiry, key).pk}-{part}"


def test_who_asks_about_what_until_when_and_how_far(gita: Client, inquiry: Inquiry) -> None:
    says(inquiry, "DAT-TRN", "0")
    html = gita.get(page_of(inquiry)).content.decode()
    for words in ("Ana Ferreira, Procurement", "Gita Rao of GitHub", "6 questions about", "1 of 6 answered",
                  "We decide next week.", inquiry.about):  # fmt: skip
        assert words in html
    assert inquiry.state is State.SENT
    inquiry.refresh_from_db()
    assert inquiry.state is State.OPENED


def test_nothing_of_the_buyer_leaks(
    gita: Client, inquiry: Inquiry, assessment: Assessment, as_ana: Client
) -> None:
    answer = gita.get(page_of(inquiry))
    html = answer.content.decode()
    assert assessment.use_case not in html
    for word in (
        "DAT-TRN",
        "weight",
        "Score",
        "Risk ",
        "Microsoft",
        "/assessments/",
        "/vendors/",
        "/account/",
    ):
        assert word not in html, word
    links = set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith(("/static/", "#", page_of(inquiry))) for link in links), links
    assert not answer.cookies


def test_it_is_kept_out_of_caches_indexes_and_referrers(gita: Client, inquiry: Inquiry) -> None:
    for path in (page_of(inquiry), "/ask/nothing/"):
        headers = gita.get(path).headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_one_answer_is_kept_as_it_changes(gita: Client, inquiry: Inquiry) -> None:
    question = question_of(inquiry, "training_on_data")
    path = page_of(inquiry, f"{question.pk}/")
    html = gita.post(
        path, {f"q{question.pk}-value": "false"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Kept: No" in html
    assert "1 of 6 answered" in html
    assert VendorAnswer.objects.get().value is False
    html = gita.post(
        path, {f"q{question.pk}-value": "state:declined", f"q{question.pk}-note": "Ask our lawyers."}
    )
    answer = VendorAnswer.objects.get()
    assert (answer.state, answer.value, answer.note) == ("declined", None, "Ask our lawyers.")
    gita.post(path, {f"q{question.pk}-value": "state:"})
    assert not VendorAnswer.objects.exists()


def test_all_at_once_by_a_plain_form_and_handed_in(gita: Client, inquiry: Inquiry) -> None:
    sent = {
        field(inquiry, "DAT-TRN"): "1",
        field(inquiry, "at_rest_countries"): "de, Ireland",
        field(inquiry, "gpai_placed_eu", "state"): "unknown",
        field(inquiry, ""): "Ines.",
        "then": "hand_in",
    }
    answer = gita.post(page_of(inquiry, "save/"), sent, follow=True)
    assert answer.redirect_chain == [(page_of(inquiry), 302)]
    assert answer.status_code == 410
    assert "Your answers are handed in" in answer.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.state is State.ANSWERED
    kept = {
        one.question.key: (one.state, one.value) for one in VendorAnswer.objects.select_related("question")
    }
    assert kept == {
        "DAT-TRN": ("known", "1"),
        "at_rest_countries": ("known", ["DE", "IE"]),
        "gpai_placed_eu": ("unknown", None),
        "": ("known", "Ines."),
    }


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_kept(gita: Client, inquiry: Inquiry) -> None:
    sent = {
        field(inquiry, "DAT-TRN"): "1",
        field(inquiry, "at_rest_countries"): "Atlantis",
        field(inquiry, "gpai_placed_eu"): "next week",
        "then": "hand_in",
    }
    answer = gita.post(page_of(inquiry, "save/"), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Atlantis"' in html
    assert "“Atlantis” is no country we know." in html
    assert "“next week” is no day." in html
    assert "Nothing was handed in: 2 answers could not be kept" in html
    assert VendorAnswer.objects.get().value == "1"
    inquiry.refresh_from_db()
    assert inquiry.is_with_the_vendor


def test_typed_words_count_before_we_do_not_know(gita: Client, inquiry: Inquiry) -> None:
    sent = {field(inquiry, ""): "Ines.", field(inquiry, "", "state"): "declined"}
    gita.post(page_of(inquiry, "save/"), sent)
    assert VendorAnswer.objects.get().value == "Ines."


def test_what_was_said_stands_there_again_and_nothing_else(gita: Client, inquiry: Inquiry) -> None:
    says(inquiry, "DAT-TRN", "0")
    says(inquiry, "training_on_data", state="declined")
    says(inquiry, "at_rest_countries", "DE")
    html = gita.get(page_of(inquiry)).content.decode()
    for key, part, value in (
        ("DAT-TRN", "value", "0"),
        ("training_on_data", "value", "state:declined"),
        ("at_rest_countries", "state", ""),
        ("stage", "value", "state:"),
    ):
        checked = re.findall(rf'name="{field(inquiry, key, part)}" value="([^"]*)" checked', html)
        assert checked == [value], key
    form = dict(re.findall(r'name="(q\d+-(?:value|state))" value="([^"]*)" checked', html))
    gita.post(page_of(inquiry, "save/"), form | {field(inquiry, "at_rest_countries"): "DE"})
    kept = {one.question.key: one.state for one in VendorAnswer.objects.select_related("question")}
    assert kept == {"DAT-TRN": "known", "training_on_data": "declined", "at_rest_countries": "known"}


def test_handing_in_nothing_is_said_to_be_nothing(gita: Client, inquiry: Inquiry) -> None:
    answer = gita.post(page_of(inquiry, "save/"), {"then": "hand_in"})
    assert answer.status_code == 422
    assert "Nothing is answered yet" in answer.content.decode()


def test_no_line_of_the_log_holds_a_link(
    gita: Client, inquiry: Inquiry, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    path = page_of(inquiry)
    token = path.split("/")[2]
    gita.post(path + "save/", {"then": "hand_in"})
    answered(inquiry)
    gita.get(path)
    assert any(token in record.getMessage() for record in caplog.records), "Django names the address"
    configurator = DictConfigurator(settings.LOGGING)
    for handler in settings.LOGGING["handlers"].values():
        formatter = configurator.configure_formatter(settings.LOGGING["formatters"][handler["formatter"]])
        lines = [formatter.format(record) for record in caplog.records]
        assert any("/ask/…/" in line for line in lines)
        assert not any(token in line for line in lines)
    handlers = logging.getLogger("django.server").handlers
    assert any(isinstance(one.formatter, MaskedServer) for one in handlers)


# -- two windows on one page -------------------------------------------------------------------------------


def form_of(gita: Client, inquiry: Inquiry) -> dict[str, str]:
    """What the browser would send of the page as it stands."""
    html = gita.get(page_of(inquiry)).content.decode()
    found = dict(re.findall(r'name="(q\d+-(?:value|state))" value="([^"]*)" checked', html))
    found |= dict(re.findall(r'name="(q\d+-(?:value|note))" value="([^"]*)" maxlength', html))
    found |= dict(re.findall(r'name="(q\d+-was)" value="([^"]*)">', html))
    return found | dict.fromkeys(re.findall(r'<textarea id="[^"]*" name="([^"]*)"', html), "")


def test_a_page_that_is_open_since_before_erases_nothing(gita: Client, inquiry: Inquiry) -> None:
    stale = form_of(gita, inquiry)
    says(inquiry, "training_on_data", "false")
    says(inquiry, "at_rest_countries", "DE", note="Frankfurt.")
    sent = stale | {field(inquiry, "DAT-TRN"): "1"}
    assert gita.post(page_of(inquiry, "save/"), sent).status_code == 302
    kept = {one.question.key: one.value for one in VendorAnswer.objects.select_related("question")}
    assert kept == {"DAT-TRN": "1", "training_on_data": False, "at_rest_countries": ["DE"]}


def test_what_was_answered_in_both_windows_is_told_and_kept_when_it_is_saved_once_more(
    gita: Client, inquiry: Inquiry
) -> None:
    stale = form_of(gita, inquiry)
    says(inquiry, "training_on_data", "false")
    sent = stale | {field(inquiry, "training_on_data"): "true", field(inquiry, "DAT-TRN"): "1"}
    told = gita.post(page_of(inquiry, "save/"), sent | {"then": "hand_in"})
    html = told.content.decode()
    assert told.status_code == 422
    assert "This was answered “No” meanwhile, in another window or by a colleague; yours is not kept." in html
    assert "Nothing was handed in: 1 answer could not be kept. The others are." in html
    assert re.findall(rf'name="{field(inquiry, "training_on_data")}" value="([^"]*)" checked', html) == [
        "true"
    ]
    assert VendorAnswer.objects.get(question__key="training_on_data").value is False
    shown = dict(re.findall(r'name="(q\d+-was)" value="([^"]*)"', html))
    assert gita.post(page_of(inquiry, "save/"), sent | shown).status_code == 302
    assert VendorAnswer.objects.get(question__key="training_on_data").value is True


def test_one_answer_on_its_own_is_held_against_what_was_shown_too(gita: Client, inquiry: Inquiry) -> None:
    stale = form_of(gita, inquiry)
    says(inquiry, "training_on_data", "false")
    path = page_of(inquiry, f"{question_of(inquiry, 'training_on_data').pk}/")
    was = field(inquiry, "training_on_data", "was")
    sent = {was: stale[was], field(inquiry, "training_on_data"): "true"}
    html = gita.post(path, sent, headers={"HX-Request": "true"}).content.decode()
    assert "This was answered “No” meanwhile" in html
    assert was not in html, "what was shown stays what it was"
    assert VendorAnswer.objects.get().value is False
    fresh = form_of(gita, inquiry)
    html = gita.post(path, sent | {was: fresh[was]}, headers={"HX-Request": "true"}).content.decode()
    assert VendorAnswer.objects.get().value is True
    assert f'name="{was}" value="{form_of(gita, inquiry)[was]}"' in html, "the next change starts from here"


# -- links that lead nowhere ------------------------------------------------------------------------------


def test_an_unknown_link_is_not_found(gita: Client, inquiry: Inquiry) -> None:
    token = page_of(inquiry).split("/")[2]
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for wrong in (changed, token[:-1], token + "A", token.lower(), "x", "%00", "..", "é" * 43):
        assert gita.get(f"/ask/{wrong}/").status_code == 404, wrong
    assert "no questions behind this link" in gita.get(f"/ask/{changed}/").content.decode()


def test_an_expired_revoked_or_handed_in_link_is_gone_and_says_why(
    gita: Client, assessment: Assessment, ana: User
) -> None:
    expired, revoked, done = (make_inquiry(assessment, ana) for _ in range(3))
    paths = [page_of(one) for one in (expired, revoked, done)]
    Inquiry.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    services.revoke(revoked, by=ana)
    answered(done)
    for path, words in zip(
        paths, ("This link has expired", "This link is closed", "Your answers are handed in"), strict=True
    ):
        answer = gita.get(path)
        assert answer.status_code == 410
        assert words in answer.content.decode()
        assert "DAT-TRN" not in answer.content.decode()
        assert "Never, contract clause" not in answer.content.decode(), "the questions are no longer shown"
        for part in ("save/", f"{question_of(expired, 'DAT-TRN').pk}/"):
            assert gita.post(path + part, {"then": "hand_in"}).status_code == 410
    assert VendorAnswer.objects.filter(question__inquiry__in=[expired, revoked]).count() == 0


def test_an_expired_one_keeps_what_was_typed(gita: Client, inquiry: Inquiry, ana: User) -> None:
    says(inquiry, "", "Ines.")
    path = page_of(inquiry)
    Inquiry.objects.filter(pk=inquiry.pk).update(expires_at=timezone.now())
    assert gita.get(path).status_code == 410
    services.extend(inquiry, 7, by=ana)
    assert "Ines." in gita.get(path).content.decode()


def test_a_question_of_another_inquiry_is_none_here(
    gita: Client, inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    other = make_inquiry(assessment, ana)
    question = question_of(other, "DAT-TRN")
    path = page_of(inquiry, f"{question.pk}/")
    assert gita.post(path, {f"q{question.pk}-value": "0"}).status_code == 404
    assert not VendorAnswer.objects.exists()


def test_somebody_signed_in_neither_opens_nor_answers_it(as_ana: Client, inquiry: Inquiry) -> None:
    assert as_ana.get(page_of(inquiry)).status_code == 200
    refused = as_ana.post(page_of(inquiry, "save/"), {field(inquiry, "DAT-TRN"): "0"})
    assert refused.status_code == 403
    inquiry.refresh_from_db()
    assert inquiry.state is State.SENT
    assert not VendorAnswer.objects.exists()


# -- what is typed with bad intent ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("DAT-TRN", "5"), ("DAT-TRN", "-1"), ("DAT-TRN", "0; DROP TABLE"), ("training_on_data", "maybe"),
        ("stage", "made_up"), ("gpai_placed_eu", "2026-02-30"), ("at_rest_countries", "DE," * 300),
        ("at_rest_countries", "<script>"), ("at_rest_countries", ","), ("at_rest_countries", " ; \n"), ("", "x" * 5001),
    ],
)  # fmt: skip
def test_what_no_button_sends_is_refused(gita: Client, inquiry: Inquiry, key: str, typed: str) -> None:
    answer = gita.post(page_of(inquiry, "save/"), {field(inquiry, key): typed})
    assert answer.status_code == 422
    assert not VendorAnswer.objects.exists()


def test_many_texts_for_one_question_are_no_way_round_the_longest(gita: Client, inquiry: Inquiry) -> None:
    sent = {field(inquiry, ""): ["x" * 3000, "y" * 3000]}
    assert gita.post(page_of(inquiry, "save/"), sent).status_code == 422
    assert not VendorAnswer.objects.exists()


def test_a_note_without_an_answer_is_told_and_not_lost(gita: Client, inquiry: Inquiry) -> None:
    says(inquiry, "DAT-TRN", "0", note="Clause 7.")
    sent = {
        field(inquiry, "DAT-TRN"): "state:", field(inquiry, "DAT-TRN", "note"): "Clause 7.",
        field(inquiry, "stage"): "state:", field(inquiry, "stage", "note"): "See our site.",
    }  # fmt: skip
    refused = gita.post(page_of(inquiry, "save/"), sent)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert html.count("There is a note and no answer.") == 2
    assert 'value="See our site."' in html
    assert VendorAnswer.objects.get().note == "Clause 7.", "it is not taken back by the way"


def test_control_characters_are_dropped_and_tags_are_shown_as_text(
    gita: Client, inquiry: Inquiry, as_ana: Client
) -> None:
    typed = "One\r\ntwo\x00\x1b[31m\u202eeerht <script>alert(1)</script> =HYPERLINK(1)"
    gita.post(page_of(inquiry, "save/"), {field(inquiry, ""): typed})
    assert VendorAnswer.objects.get().value == "One\ntwo  [31m eerht <script>alert(1)</script> =HYPERLINK(1)"
    for client, path in ((gita, page_of(inquiry)), (as_ana, inquiry.get_absolute_url())):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_who_tries_too_often_waits(gita: Client, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WRONG_LINKS", 3)
    monkeypatch.setattr(limits, "MOST_SAVES", 2)
    found = [gita.get(f"/ask/{'A' * 43}/").status_code for _ in range(5)]
    assert found == [404, 404, 404, 429, 429]
    assert gita.get(page_of(inquiry)).status_code == 200, (
        "a link that leads somewhere is not locked out by it"
    )
    sent = {field(inquiry, "DAT-TRN"): "0"}
    saved = [gita.post(page_of(inquiry, "save/"), sent).status_code for _ in range(3)]
    assert saved == [302, 302, 429]


def test_a_picked_answer_is_the_only_one_checked_when_the_page_is_opened_again(
    gita: Client, inquiry: Inquiry
) -> None:
    """Of two that are checked a browser sends the last: handing in would take the answer back."""
    says(inquiry, "training_on_data", "false")
    name = f"q{question_of(inquiry, 'training_on_data').pk}-value"
    html = gita.get(page_of(inquiry)).content.decode()
    assert re.findall(rf'name="{name}" value="([^"]*)" checked', html) == ["false"]


def test_a_page_behind_the_link_asks_little_of_the_database(gita: Client, inquiry: Inquiry) -> None:
    gita.get(page_of(inquiry))
    reasons = (
        "the inquiry of the token",
        "questions with answers",
        "their files",
        "what is asked for",
    )
    assert_queries(gita, page_of(inquiry), reasons)


def test_what_comes_back_is_asked_again_and_the_rest_is_closed(
    gita: Client, inquiry: Inquiry, ana: User
) -> None:
    answered(inquiry)
    verdicts = {one.pk: Verdict("rejected", "Not so.") for one in VendorAnswer.objects.all()}
    verdicts[VendorAnswer.objects.get(question__key="training_on_data").pk] = Verdict("more", "Since when?")
    review(inquiry, verdicts, by=ana)
    services.give_back(inquiry, by=ana)
    html = gita.get(page_of(inquiry)).content.decode()
    assert "Since when?" in html
    assert "Not so." not in html, "a verdict is the buyer's own"
    assert field(inquiry, "DAT-TRN") not in html
    assert "2 answers handed in before" in html
    assert gita.post(page_of(inquiry, "save/"), {field(inquiry, "DAT-TRN"): "4"}).status_code == 302
    assert VendorAnswer.objects.get(question__key="DAT-TRN").value == "0"
