"""From the route to the list of open questions: once, by who may, for the unit alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.evidence.models import OpenQuestion
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.reports.asking import ask_route, questions_of
from riskassess.reports.content import report_content
from riskassess.reports.shape import Ask
from tests.builders import TODAY, make_assessment, make_model, make_offering, make_vendor
from tests.reports import records
from tests.reports.conftest import store


@pytest.fixture
def assessment(ana: User, procurement: Any) -> Assessment:
    seller = make_vendor("GitHub")
    offering = make_offering(make_model(developer=make_vendor("Microsoft")), seller=seller)
    return make_assessment(ana, procurement, offering=offering, state="submitted")


@pytest.fixture
def route(run: ScoreRun) -> tuple[Ask, ...]:
    return report_content(run).route.asks


def page(client: Client, run: ScoreRun) -> str:
    return client.get(reverse("reports:decision", args=[run.assessment_id])).content.decode()


def test_one_click_one_question_of_the_unit(as_ana: Client, run: ScoreRun, route: tuple[Ask, ...]) -> None:
    ask = route[0]
    address = reverse("reports:ask", args=[run.pk])
    answer = as_ana.post(address, {"key": ask.key}, follow=True)
    assert answer.redirect_chain[0][0].endswith("#h-route")
    assert "Asked, open" in answer.content.decode()
    rows = OpenQuestion.objects.filter(text=ask.text)
    row = rows.get()
    offering = run.assessment.offering
    assert (row.unit, row.decides, row.proof) == (run.assessment.unit, ask.key, ask.proof)
    assert (row.offering, row.model, row.vendor) == (offering, offering.model, offering.seller)
    as_ana.post(address, {"key": ask.key})
    assert rows.count() == 1, "asked twice is asked once"


def test_all_at_once_from_a_form_without_javascript(
    as_ana: Client, run: ScoreRun, route: tuple[Ask, ...]
) -> None:
    html = page(as_ana, run)
    form = html[html.rindex("<form", 0, html.index("Ask all")) : html.index("Ask all")]
    keys = re.findall(r'name="key" value="([^"]+)"', form)
    assert keys == [ask.key for ask in route]
    as_ana.post(reverse("reports:ask", args=[run.pk]), {"key": keys})
    assert OpenQuestion.objects.count() == sum(len(questions_of(ask)) for ask in route)
    html = page(as_ana, run)
    assert "Ask all" not in html
    assert html.count("Asked, open") == len(route)


def test_an_answered_question_may_be_asked_again(run: ScoreRun, ana: User, route: tuple[Ask, ...]) -> None:
    key = route[0].key
    (first, *_) = ask_route(run.assessment, run, [key], ana, on=TODAY)
    OpenQuestion.objects.filter(pk=first.pk).update(state="answered", answer="Yes.")
    (again, *_) = ask_route(run.assessment, run, [key], ana, on=TODAY)
    assert again.pk != first.pk


def test_who_may_not_sees_no_button_and_is_refused(
    as_ben: Client, as_dora: Client, as_cleo: Client, ben: User, run: ScoreRun, route: tuple[Ask, ...]
) -> None:
    address = reverse("reports:ask", args=[run.pk])
    for client in (as_ben, as_dora):
        assert address not in page(client, run)
        assert client.post(address, {"key": route[0].key}).status_code == 403
    assert as_cleo.post(address, {"key": route[0].key}).status_code == 404
    with pytest.raises(NotAllowed):
        ask_route(run.assessment, run, [], ben, on=TODAY)
    assert not OpenQuestion.objects.exists()


def test_the_questions_are_the_units_own(
    as_ana: Client, as_cleo: Client, run: ScoreRun, ana: User, route: tuple[Ask, ...]
) -> None:
    (question, *_) = ask_route(run.assessment, run, [route[0].key], ana, on=TODAY)
    assert as_ana.get(question.get_absolute_url()).status_code == 200
    assert as_cleo.get(question.get_absolute_url()).status_code == 404


def test_only_the_route_of_the_current_run_can_be_asked(
    as_ana: Client, run: ScoreRun, ana: User, route: tuple[Ask, ...]
) -> None:
    with pytest.raises(InvalidInput, match="no question of this route"):
        ask_route(run.assessment, run, ["NOT-ONE"], ana, on=TODAY)
    newer = store(run.assessment, records.blank())
    with pytest.raises(Conflict, match="not the current score"):
        ask_route(newer.assessment, run, [route[0].key], ana, on=TODAY)
    past = as_ana.get(reverse("reports:run", args=[run.pk])).content.decode()
    assert reverse("reports:ask", args=[run.pk]) not in past


def test_with_nobody_on_record_it_says_whom_to_record(ana: User, procurement: Any) -> None:
    run = store(make_assessment(ana, procurement), records.make_record())
    key = report_content(run).route.asks[0].key
    with pytest.raises(InvalidInput, match="Nobody is on record"):
        ask_route(run.assessment, run, [key], ana, on=TODAY)
