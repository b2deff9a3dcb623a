"""The risk appetite on its pages: hana draws lines, sees what moves, sets them; everybody reads who and why."""

from __future__ import annotations

from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.appetite import set_appetite
from riskassess.assessments.models import Assessment, RiskAppetite
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.scoring.anatomy import Appetite
from tests.builders import TODAY, make_assessment, make_person, make_run
from tests.queries import FRAME, assert_queries

PAGE = "/method/appetite/"
STRICT = {
    "approve": 20, "conditional": 40, "reject": 65, "coverage_percent": 60, "utility_slope": 3,
    "since": TODAY.isoformat(),
}  # fmt: skip


@pytest.fixture
def hana(procurement: BusinessUnit) -> User:
    return make_person("Hana Sato", (procurement, Role.ADMINISTRATOR))


@pytest.fixture
def as_hana(hana: User) -> Client:
    client = Client()
    client.force_login(hana)
    return client


@pytest.fixture
def conditional(ana: User, procurement: BusinessUnit) -> Assessment:
    """Conditional, at worst 43.5."""
    made = make_assessment(ana, procurement)
    make_run(made)
    return made


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_from_the_method_to_a_preview_to_a_new_version(
    as_hana: Client, as_ana: Client, conditional: Assessment
) -> None:
    page = shown(as_hana, "/method/")
    assert "No version is set, so the method's own lines hold: approve under 25" in page
    assert f'href="{PAGE}"' in page
    assert 'value="25"' in shown(as_hana, PAGE), "the form starts from the lines in force"

    page = shown(as_hana, f"{PAGE}?{urlencode(STRICT)}")
    assert "1 computed decision would move" in page
    assert conditional.use_case in page
    assert "of 1 current run judged as of 24 Nov 2026 or later" in page
    assert not RiskAppetite.objects.exists()
    assert not Job.objects.exists()

    answer = as_hana.post(PAGE, STRICT | {"reason": "Two incidents this year."}, follow=True)
    assert "Version 1 is set." in answer.content.decode()
    page = shown(as_ana, "/method/")
    for said in (
        "Two incidents this year.",
        "Hana Sato",
        "Approve under 20, conditional under 40",
        "in force today",
    ):
        assert said in page
    assert "20 to below 40" in page, "the bands are those of the lines in force"
    assert PAGE not in page, "ana reads it"
    drain()
    conditional.refresh_from_db()
    assert conditional.current_run is not None
    assert conditional.current_run.appetite_version == 1


@pytest.mark.parametrize("who", ["as_ana", "as_ben", "as_dora"])
def test_nobody_else_opens_or_sets_it(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, STRICT | {"reason": "Mine."}).status_code == 403
    assert not RiskAppetite.objects.exists()


def test_a_line_that_is_too_loose_is_explained_beside_it(as_hana: Client, conditional: Assessment) -> None:
    page = shown(as_hana, f"{PAGE}?{urlencode(STRICT | {'approve': 30})}")
    field = page.split('id="id_approve_error"')[1].split("</div>")[0]
    assert "One worst answer of class C reaches 25.2 points alone" in field
    assert "Use at most 25." in field
    assert "would move" not in page.split("<form")[2]
    for wrong in ({"approve": "x"}, {"since": "soon"}, {"conditional": 10}):
        assert "Set these lines" not in shown(as_hana, f"{PAGE}?{urlencode(STRICT | wrong)}")


def test_without_a_reason_nothing_is_set_and_the_preview_stays(
    as_hana: Client, conditional: Assessment
) -> None:
    page = as_hana.post(PAGE, STRICT | {"reason": " "}).content.decode()
    assert "1 computed decision would move" in page
    assert 'id="id_reason_error"' in page
    assert not RiskAppetite.objects.exists()


def test_the_same_numbers_again_are_refused_with_the_words_of_the_service(
    as_hana: Client, hana: User
) -> None:
    numbers = {key: value for key, value in STRICT.items() if key != "since"}
    set_appetite(Appetite(**numbers), since=TODAY, reason="First.", by=hana)  # type: ignore[arg-type]
    page = unescape(as_hana.post(PAGE, STRICT | {"reason": "Again."}).content.decode())
    assert "Version 1 has these numbers already." in page


def test_what_the_pages_cost(as_hana: Client, hana: User, conditional: Assessment) -> None:
    lines = "the versions of the risk appetite, with who set them"
    assert_queries(as_hana, "/method/", (*FRAME, lines))
    assert_queries(as_hana, PAGE, (*FRAME, "the lines in force"))
    assert_queries(
        as_hana,
        f"{PAGE}?{urlencode(STRICT)}",
        (*FRAME, "when the last version starts", "the versions", "the runs' columns",
         "the assessments that are named"),
    )  # fmt: skip
