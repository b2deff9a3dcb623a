"""The pages and the API of controls: ana plans and follows up, others read or find nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.jobs.services import drain
from tests.builders import make_assessment, make_mitigation, make_person
from tests.queries import FRAME, assert_queries

FILTER: dict[str, Any] = {
    "title": "Names are replaced",
    "factors": ["DAT-TRN"],
    "effectiveness": 40,
    "because": "Judgement of the data protection officer.",
    "status": "proposed",
}
GATHER = (
    "the risk appetite of the day",
    "the offering with its parties", "answers", "values", "claims", "documents behind answers", "places", "prices",
    "open questions", "controls",
)  # fmt: skip


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    made = make_assessment(ana, procurement)
    for key, value in {"profile.D": 3, "profile.I": 2, "DAT-TRN": 3}.items():
        services.answer(made, key, Given("known", value), by=ana)
    return made


def at(draft: Assessment, *rest: str) -> str:
    return "/".join([f"/assessments/{draft.pk}/controls", *rest, ""])


def test_ana_plans_a_control_from_a_suggestion(as_ana: Client, draft: Assessment) -> None:
    page = as_ana.get(at(draft), {"factor": "DAT-TRN"}).content.decode()
    assert "Where a control could take off most" in page
    assert 'value="DAT-TRN" checked' in page
    answer = as_ana.post(at(draft), FILTER)
    assert answer.headers["Location"] == at(draft)
    page = as_ana.get(at(draft)).content.decode()
    assert "“Names are replaced” is planned." in page
    assert "nobody yet" in page
    assert "0.0 and 0.0" in page, "a proposal takes nothing off"


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    as_ana: Client, draft: Assessment
) -> None:
    page = as_ana.post(at(draft), {**FILTER, "status": "committed", "factors": []}).content.decode()
    assert "This field is required" in page
    page = as_ana.post(at(draft), {**FILTER, "status": "committed"}).content.decode()
    assert "Say what shows that it is committed." in page
    assert 'value="Names are replaced"' in page
    assert 'value="DAT-TRN" checked' in page
    assert not draft.mitigations.exists()


def test_ana_follows_a_control_up_and_drops_it(as_ana: Client, draft: Assessment) -> None:
    made = make_mitigation(draft, "Filter")
    page = as_ana.get(at(draft, made.key)).content.decode()
    assert 'value="DAT-TRN" checked' in page
    sent = {
        **FILTER,
        "status": "verified",
        "evidence": "Tested in May.",
        "owner": "Security",
        "due_on": "2027-03-01",
    }
    as_ana.post(at(draft, made.key), sent)
    made.refresh_from_db()
    assert (made.status, made.owner, str(made.due_on), made.key) == (
        "verified",
        "Security",
        "2027-03-01",
        "filter",
    )
    page = as_ana.get(at(draft)).content.decode()
    assert "1 Mar 2027" in page
    as_ana.post(at(draft, made.key, "drop"))
    assert not draft.mitigations.exists()


def test_once_decided_only_how_far_it_is_can_change(
    as_ana: Client, ana: User, ben: User, draft: Assessment
) -> None:
    made = make_mitigation(draft, "Filter")
    services.submit(draft, by=ana)
    assert "can be read here, not changed" in as_ana.get(at(draft)).content.decode()
    drain()
    draft.refresh_from_db()
    assert draft.current_run is not None
    services.decide(draft, draft.current_run.decision, by=ben)
    page = as_ana.get(at(draft, made.key)).content.decode()
    assert "The decision stays" in page
    assert 'name="effectiveness"' not in page
    as_ana.post(at(draft, made.key), {"status": "implemented", "evidence": "Live.", "effectiveness": 99})
    made.refresh_from_db()
    assert (made.status, made.effectiveness) == ("implemented", 50)


def test_others_read_or_find_nothing(
    as_ben: Client, as_cleo: Client, as_dora: Client, draft: Assessment
) -> None:
    made = make_mitigation(draft, "Filter")
    for client in (as_ben, as_dora):
        page = client.get(at(draft)).content.decode()
        assert "Filter" in page
        assert "Plan a control" not in page
        assert client.post(at(draft), FILTER).status_code == 403
        assert client.post(at(draft, made.key, "drop")).status_code == 403
    for address in (at(draft), at(draft, made.key)):
        assert as_cleo.get(address).status_code == 404
        assert as_cleo.post(address, FILTER).status_code == 404


def test_a_requester_is_offered_proposals_only(draft: Assessment, procurement: BusinessUnit) -> None:
    client = Client()
    client.force_login(make_person("Gil Roth", (procurement, Role.REQUESTER)))
    page = client.get(at(draft)).content.decode()
    assert "An assessor says how far it is." in page
    assert 'value="verified"' not in page


@pytest.mark.parametrize("number", [0, 12])
def test_the_page_costs_the_same_for_none_and_for_a_dozen(
    as_ana: Client, draft: Assessment, number: int
) -> None:
    for _ in range(number):
        make_mitigation(draft)
    assert_queries(as_ana, at(draft), (*FRAME, "the assessment", *GATHER, "the controls again"))


# -- API -------------------------------------------------------------------------------------------------


def api(draft: Assessment, *rest: str) -> str:
    return "/".join([f"/api/v1/assessments/{draft.pk}/mitigations", *rest, ""])


def test_a_program_plans_changes_and_drops(as_ana: Client, draft: Assessment) -> None:
    made = as_ana.post(api(draft), FILTER, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["key"] == "names-are-replaced"
    changed = as_ana.patch(
        api(draft, "names-are-replaced"),
        {"status": "implemented", "evidence": "Live since May."},
        content_type="application/json",
    )
    assert changed.json()["status"] == "implemented"
    assert [one["effectiveness"] for one in as_ana.get(api(draft)).json()] == [40]
    stands = as_ana.get(f"/api/v1/assessments/{draft.pk}/as-it-stands/").json()
    assert stands["views"]["target"]["risk"][1] < stands["risk"][1] < stands["views"]["inherent"]["risk"][1]
    assert as_ana.delete(api(draft, "names-are-replaced")).status_code == 204
    assert as_ana.get(api(draft)).json() == []


def test_a_program_is_told_what_is_wrong(
    as_ana: Client, as_cleo: Client, as_ben: Client, draft: Assessment
) -> None:
    def sent(client: Client, **changes: Any) -> Any:
        return client.post(api(draft), FILTER | changes, content_type="application/json")

    assert sent(as_ana, effectiveness=101).status_code == 400
    assert sent(as_ana, factors=["OPP-CAP"]).status_code == 400
    assert "evidence" in sent(as_ana, status="verified").content.decode()
    assert sent(as_ben).status_code == 403
    assert sent(as_cleo).status_code == 404
    assert as_ana.patch(api(draft, "nothing"), {}, content_type="application/json").status_code == 404


def test_the_list_over_the_api_is_one_query(as_ana: Client, draft: Assessment) -> None:
    for _ in range(9):
        make_mitigation(draft)
    reasons = (
        "the session",
        "the person",
        "the roles",
        "the assessment",
        "its controls",
    )
    assert_queries(as_ana, api(draft), reasons)


# -- admin site ------------------------------------------------------------------------------------------


def test_an_administrator_looks_and_changes_nothing(draft: Assessment) -> None:
    made = make_mitigation(draft, "Filter")
    client = Client()
    client.force_login(make_person("Root", is_staff=True, is_superuser=True))
    listed = "/admin/assessments/mitigation/"
    assert "Filter" in client.get(listed).content.decode()
    assert client.get(f"{listed}add/").status_code == 403
    assert client.post(f"{listed}{made.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{listed}{made.pk}/change/", {"title": "Other", "effectiveness": 99})
    made.refresh_from_db()
    assert (made.title, made.effectiveness) == ("Filter", 50)
