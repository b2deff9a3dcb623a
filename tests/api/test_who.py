"""Who gets what: a walk over every route of the router, once for each kind of stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.api import router
from riskassess.jobs.models import Job
from tests.api.calls import V1, read, send, told
from tests.api.conftest import Theirs
from tests.evidence.papers import PDF
from tests.imports.sheets import ONE, as_csv

# What a unit keeps to itself, and what is the whole company's.
OWN = {"businessunit", "assessment", "scorerun", "job", "reportfile", "batch", "row", "openquestion",
       "negotiation", "document", "inquiry", "combinedreport", "decision", "condition", "webhook",
       "delivery"}  # fmt: skip
# Computed from what the person may see; their own tests ask who sees what.
COMPUTED = {"comparison", "portfolio"}
CATALOG = {
    "vendor", "aimodel", "offering", "region", "source", "claim", "availability", "registerentry", "productuse",
    "questionset", "entry", "partnership",
}  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One method of one route, with the record of Procurement in its address."""

    resource: str
    action: str
    method: str
    address: str
    on_record: bool


def every_call(theirs: Theirs) -> Iterator[Call]:
    """Each method of each route for which there is a record; the root and `.json` forms apart."""
    for pattern in router.urls:
        groups = pattern.pattern.regex.groupindex  # type: ignore[union-attr]
        resource = str(pattern.name).split("-", 1)[0]
        if pattern.name == "api-root" or "format" in groups or resource in COMPUTED:
            continue
        keys = theirs.keys.get(resource, {})
        if set(groups) - set(keys):
            continue
        address = reverse(str(pattern.name), kwargs={name: keys[name] for name in groups})
        for method, action in list(pattern.callback.actions.items()):  # type: ignore[attr-defined]
            if method == "head":  # added to GET by the first call
                continue
            on_record = (bool(groups) and action != "list") or resource in {"row", "negotiation", "delivery"}
            yield Call(resource, action, method, address, on_record)


def body_of(call: Call, theirs: Theirs) -> Any:
    """A body that would do, were the person allowed to."""
    unit = theirs.unit.pk
    return {
        ("assessment", "create"): {
            "offering": theirs.assessment.offering.slug,
            "unit": unit,
            "use_case": "Drafting",
        },
        ("assessment", "rescore"): {"unit": unit},
        ("assessment", "answer"): {"question": "profile.D", "state": "known", "value": 1},
        ("assessment", "plan"): {
            "title": "Filter",
            "factors": ["DAT-TRN"],
            "effectiveness": 40,
            "because": "Our judgement.",
        },
        ("assessment", "decide"): {"outcome": "REJECT", "reason": "No."},
        ("assessment", "say"): {"text": "Hm."},
        ("assessment", "support"): {"question": "DAT-TRN", "document": theirs.claim_link.document_id},
        ("document", "describe"): {"counts_as": "audit"},
        ("document", "remove"): {"because": "Old."},
        ("document", "link"): {"claim": theirs.claim_link.claim.key},
        ("assessment", "give_back"): {"remarks": [{"text": "Say more."}]},
        ("inquiry", "create"): {"assessment": theirs.assessment.pk, "contact_name": "Gita Rao"},
        ("inquiry", "extend"): {"days": 7},
        ("inquiry", "review"): {"verdicts": []},
        ("reportfile", "create"): {"run": theirs.run.pk, "format": "pdf"},
        ("combinedreport", "create"): {"kind": "batch", "runs": [theirs.run.pk], "reports": ["pdf"]},
        ("batch", "sheet"): {"sheet": theirs.batch.sheet},
        ("batch", "columns"): {"columns": {}},
    }.get((call.resource, call.action))


def made(client: Client, call: Call, theirs: Theirs) -> Any:
    if (call.resource, call.action) == ("batch", "create"):
        file = SimpleUploadedFile("list.csv", as_csv(ONE))
        terms = {"file": file, "unit": theirs.unit.pk, "stated_on": "2026-11-24"}
        return client.post(call.address, terms)
    if (call.resource, call.action) == ("document", "create"):
        return client.post(call.address, {"file": SimpleUploadedFile("a.pdf", PDF), "unit": theirs.unit.pk})
    return send(client, call.method, call.address, body_of(call, theirs))


def test_the_walk_meets_every_resource(theirs: Theirs) -> None:
    calls = list(every_call(theirs))
    assert {call.resource for call in calls} == OWN | CATALOG
    assert {call.resource for call in calls if call.on_record} == OWN | {"offering", "aimodel"}
    assert len([call for call in calls if call.method != "get"]) == 51


def test_cleo_finds_nothing_of_procurement(as_cleo: Client, theirs: Theirs) -> None:
    for call in every_call(theirs):
        if call.resource not in OWN:
            continue
        response = made(as_cleo, call, theirs)
        if call.on_record:
            told(response, 404)
        elif call.action == "list":
            found = response.json()["results"]
            assert (
                all(one["name"] == "Research" for one in found)
                if call.resource == "businessunit"
                else not found
            )
        elif call.resource == "webhook":
            told(response, 403)  # kept by administrators; she is none anywhere
        else:
            assert told(response, 400)["where"] in {"unit", "run", "runs", "assessment"}, call
    assert Job.objects.count() == 1


def test_a_filter_tells_cleo_nothing_of_what_is_there(as_cleo: Client, theirs: Theirs) -> None:
    for name, pk in (("runs/?assessment", theirs.assessment.pk), ("assessments/?unit", theirs.unit.pk)):
        assert read(as_cleo, f"{name}={pk}") == read(as_cleo, f"{name}={pk + 999}")


def test_dora_reads_all_and_changes_nothing(as_dora: Client, theirs: Theirs) -> None:
    for call in every_call(theirs):
        response = made(as_dora, call, theirs)
        if call.method == "get":
            assert response.status_code == 200, call
            assert call.on_record or response.json()["results"] or call.resource in CATALOG, call
        elif call.resource in {"reportfile", "combinedreport"}:
            assert response.status_code == 202, call  # a report is a way to read
        else:
            told(response, 403)


def test_an_approver_assesses_nothing(as_ben: Client, theirs: Theirs) -> None:
    for action, body in (
        ("score", None),
        ("submit", None),
        ("reopen", None),
        ("withdraw", None),
        ("answers", {"question": "profile.D", "state": "known", "value": 1}),
    ):
        method = "put" if body else "post"
        told(send(as_ben, method, f"assessments/{theirs.assessment.pk}/{action}/", body), 403)


def test_evan_has_no_role_and_finds_nothing_at_all(as_evan: Client, theirs: Theirs) -> None:
    for call in every_call(theirs):
        if call.method != "get":
            continue
        response = made(as_evan, call, theirs)
        if call.on_record:
            told(response, 404)
        else:
            assert response.json()["results"] == [], call


def test_nobody_signed_in_gets_nothing(client: Client, theirs: Theirs) -> None:
    for call in every_call(theirs):
        response = made(client, call, theirs)
        assert "Bearer" in told(response, response.status_code)["detail"]
        assert response.status_code in {401, 403}, call
    for address in ("", "schema/", "nothing/"):
        assert send(client, "get", V1 + address).status_code in {401, 403}


def test_a_person_who_left_gets_nothing(as_ana: Client, theirs: Theirs) -> None:
    type(theirs.assessment.assessor).objects.update(is_active=False)
    assert send(as_ana, "get", "assessments/").status_code in {401, 403}
