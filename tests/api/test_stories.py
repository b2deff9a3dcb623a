"""From an offering to a decision and its report, by calls alone."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.services import drain
from tests.api.calls import V1, read, send, told
from tests.api.conftest import Theirs
from tests.builders import make_claim, make_model, make_offering, make_source, make_vendor
from tests.imports.sheets import ONE, as_csv


def started(client: Client, unit: BusinessUnit, **about: Any) -> int:
    """The id of a new assessment, scored."""
    slug = make_offering(**about).slug
    made = send(client, "post", "assessments/", {"offering": slug, "unit": unit.pk, "use_case": "Drafting"})
    assert made.status_code == 201, made.content
    drain()
    return int(made.json()["id"])


def by_key(client: Client, pk: int) -> dict[str, Any]:
    return {one["key"]: one for one in read(client, f"assessments/{pk}/questions/")["questions"]}


def test_ana_asks_ben_decides_and_the_committee_gets_its_file(
    as_ana: Client, as_ben: Client, procurement: BusinessUnit
) -> None:
    pk = started(as_ana, procurement, stage="ga")
    open_before = read(as_ana, f"assessments/{pk}/questions/")["open"]
    answer = {"question": "profile.D", "state": "known", "value": 1}
    kept = send(as_ana, "put", f"assessments/{pk}/answers/", answer).json()
    assert [(one["question"], one["value"]) for one in kept] == [("profile.D", 1)]
    assert read(as_ana, f"assessments/{pk}/answers/") == kept
    assert read(as_ana, f"assessments/{pk}/questions/")["open"] < open_before

    job = send(as_ana, "post", f"assessments/{pk}/submit/")
    assert job.status_code == 202
    assert job.json()["about"]["url"] == f"/assessments/{pk}/"
    drain()
    assert read(as_ana, f"jobs/{job.json()['id']}/")["state"] == "done"

    computed = read(as_ben, f"assessments/{pk}/")["decision"]
    due = (timezone.localdate() + timedelta(days=60)).isoformat()
    condition = {"text": "Ten people at most.", "owner": "Ana Ferreira", "due_on": due}
    verdict: dict[str, Any] = {"outcome": "CONDITIONAL", "reason": "A pilot only.", "conditions": [condition]}
    verdict["accept_until"] = due
    assert computed != verdict["outcome"]
    told(send(as_ana, "post", f"assessments/{pk}/decide/", verdict), 403)
    decided = send(as_ben, "post", f"assessments/{pk}/decide/", verdict)
    assert decided.status_code == 201
    assert read(as_ana, f"assessments/{pk}/decisions/") == [decided.json()]
    assert read(as_ana, f"assessments/{pk}/")["state"] == "decided"

    run = decided.json()["run"]
    asked = send(as_ben, "post", "reports/", {"run": run, "format": "xlsx"})
    assert asked.status_code == 202
    assert asked["Location"].endswith(f"/api/v1/reports/{asked.json()['id']}/")
    assert not asked.json()["ready"]
    told(send(as_ben, "get", f"reports/{asked.json()['id']}/download/"), 409)
    drain()
    again = send(as_ana, "post", "reports/", {"run": run, "format": "xlsx"})
    assert (again.status_code, again.json()["ready"]) == (200, True)
    assert again.json()["id"] == asked.json()["id"]
    file = send(as_ana, "get", f"reports/{again.json()['id']}/download/")
    data = b"".join(file.streaming_content)
    assert hashlib.sha256(data).hexdigest() == again.json()["sha256"]
    assert file["Content-Disposition"].endswith('.xlsx"')


def test_every_move_there_and_back(as_ana: Client, as_ben: Client, procurement: BusinessUnit) -> None:
    pk = started(as_ana, procurement)
    moves = [
        (as_ana, "submit", None, 202, "submitted"),
        (as_ben, "return", {"remarks": [{"text": "Who owns it?"}]}, 200, "draft"),
        (as_ana, "submit", None, 202, "submitted"),
        (as_ben, "decide", {"outcome": "REJECT", "reason": "No need."}, 201, "decided"),
        (as_ana, "reopen", None, 200, "draft"),
        (as_ana, "withdraw", None, 200, "withdrawn"),
    ]
    for client, move, body, status, state in moves:
        for remark in read(as_ana, f"assessments/{pk}/remarks/"):
            send(as_ana, "post", f"assessments/{pk}/remarks/{remark['id']}/resolve/")
        assert send(client, "post", f"assessments/{pk}/{move}/", body).status_code == status, move
        assert read(client, f"assessments/{pk}/")["state"] == state
        drain()  # nobody decides while a score is on its way
    assert "withdrawn" in told(send(as_ana, "post", f"assessments/{pk}/submit/"), 409)["title"]


def test_every_question_takes_the_answers_it_lists(as_ana: Client, procurement: BusinessUnit) -> None:
    maker = make_vendor("Maker")
    make_claim(maker, "Ten times cheaper")
    pk = started(as_ana, procurement, model=make_model(developer=maker))
    unread = by_key(as_ana, pk)
    assert "claim.ten-times-cheaper" not in unread, "no rule that applies reads what is done with it yet"
    in_the_us = {"question": "nexus_us", "state": "known", "value": True}
    send(as_ana, "put", f"assessments/{pk}/answers/", in_the_us)
    listed = unread | by_key(as_ana, pk)
    assert "claim.ten-times-cheaper" in listed
    tried = set()
    for key, question in listed.items():
        if not question["choices"] or question["takes"] in tried:
            continue
        tried.add(question["takes"])
        for choice in question["choices"]:
            value = [choice["value"]] if question["takes"] == "list" else choice["value"]
            body = {"question": key, "state": "known", "value": value}
            assert send(as_ana, "put", f"assessments/{pk}/answers/", body).status_code == 200, body
    assert {"level", "claim", "bool", "enum"} <= tried


def test_an_answer_rests_on_a_source_and_is_taken_back(as_ana: Client, procurement: BusinessUnit) -> None:
    pk = started(as_ana, procurement)
    audit = make_source("Audit of 2026", kind="audit")
    body = {"question": "DAT-TRN", "state": "known", "value": [0, 1], "source": audit.pk}
    (kept,) = send(as_ana, "put", f"assessments/{pk}/answers/", body).json()
    assert (kept["source"], kept["reliability"]) == (audit.pk, "B")  # the source's own, where none is said
    standing = by_key(as_ana, pk)["DAT-TRN"]
    assert (standing["open"], standing["value"]) == (False, [0, 1])
    assert standing["source"]["title"] == "Audit of 2026"

    missing = send(as_ana, "put", f"assessments/{pk}/answers/", {**body, "source": audit.pk + 99})
    assert told(missing, 400)["where"] == "source"
    back = send(as_ana, "put", f"assessments/{pk}/answers/", {"question": "DAT-TRN", "state": ""})
    assert back.json() == []


def test_a_record_comes_as_it_was_stored(as_ana: Client, procurement: BusinessUnit) -> None:
    pk = started(as_ana, procurement, stage="preview")
    run = ScoreRun.objects.get(assessment=pk)
    data = send(as_ana, "get", f"runs/{run.pk}/record/").content
    assert data == run.record.encode()
    result_id = json.loads(data)["result_id"]
    rest = data.replace(f'"result_id":"{result_id}",'.encode(), b"")
    assert hashlib.sha256(rest).hexdigest() == result_id == run.result_id
    assert read(as_ana, f"runs/{run.pk}/")["result_id"] == result_id


def test_odd_bytes_of_a_record_stay_odd(as_ana: Client, theirs: Theirs) -> None:
    odd = '{"b": 1,  "a": "é\\u00e9",\n"result_id":"x"}'
    ScoreRun.objects.filter(pk=theirs.run.pk).update(record=odd)
    assert send(as_ana, "get", f"runs/{theirs.run.pk}/record/").content == odd.encode()


def test_as_it_stands_is_what_a_run_would_be(as_ana: Client, procurement: BusinessUnit) -> None:
    pk = started(as_ana, procurement)
    stored = ScoreRun.objects.get(assessment=pk).record.encode()
    assert send(as_ana, "get", f"assessments/{pk}/as-it-stands/").content == stored
    send(as_ana, "put", f"assessments/{pk}/answers/", {"question": "profile.D", "state": "known", "value": 4})
    live = send(as_ana, "get", f"assessments/{pk}/as-it-stands/").content
    assert live != stored
    assert ScoreRun.objects.filter(assessment=pk).count() == 1  # looking stores nothing
    send(as_ana, "post", f"assessments/{pk}/score/")
    drain()
    assert ScoreRun.objects.filter(assessment=pk).latest("pk").record.encode() == live


def test_a_spreadsheet_goes_in_by_calls(as_ana: Client, procurement: BusinessUnit) -> None:
    file = SimpleUploadedFile("list.csv", as_csv(ONE, ("Acme", "", "x", "y", "GA")))
    terms = {"file": file, "unit": procurement.pk, "stated_on": "2026-11-24"}
    batch = as_ana.post(f"{V1}imports/", terms).json()
    assert (batch["state"], batch["mapping"]["B"]["field"]) == ("uploaded", "model_name")

    address = f"imports/{batch['id']}/"
    assert send(as_ana, "put", f"{address}sheet/", {"sheet": batch["sheet"], "header_row": 1}).json() == batch
    wrong = send(as_ana, "put", f"{address}columns/", {"columns": {"C": "colour"}})
    assert told(wrong, 400)["where"] == "column C"
    assert send(as_ana, "put", f"{address}columns/", {"columns": {"C": ""}}).status_code == 202
    drain()
    assert read(as_ana, address)["counts"]["new"] == 1
    (invalid,) = read(as_ana, f"{address}rows/?outcome=invalid")["results"]
    assert invalid["problems"][0]["hint"]
    assert read(as_ana, f"{address}rows/{invalid['number']}/") == invalid

    assert send(as_ana, "post", f"{address}apply/").status_code == 202
    drain()
    assert read(as_ana, address)["state"] == "applied"
    (offering,) = read(as_ana, "offerings/?name__icontains=swift")["results"]
    assert offering["prices"][0]["cell"] == "D2"
    told(send(as_ana, "delete", address), 409)


def test_an_upload_that_is_no_sheet_is_refused_and_one_unwanted_is_forgotten(
    as_ana: Client, procurement: BusinessUnit
) -> None:
    terms = {"unit": procurement.pk, "stated_on": "2026-11-24"}
    bad = as_ana.post(f"{V1}imports/", {**terms, "file": io.BytesIO(b"\x00\x01\x02\x03")})
    told(bad, 400)
    assert read(as_ana, "imports/")["results"] == []
    good = as_ana.post(f"{V1}imports/", {**terms, "file": SimpleUploadedFile("list.csv", as_csv(ONE))})
    assert send(as_ana, "delete", f"imports/{good.json()['id']}/").status_code == 204
    assert read(as_ana, "imports/")["results"] == []


def test_one_cancels_only_ones_own_job(as_ana: Client, as_dora: Client, theirs: Theirs) -> None:
    told(send(as_dora, "post", f"jobs/{theirs.job.pk}/cancel/"), 403)
    cancelled = send(as_ana, "post", f"jobs/{theirs.job.pk}/cancel/")
    assert cancelled.json()["state"] == "cancelled"
    told(send(as_ana, "post", f"jobs/{theirs.job.pk}/cancel/"), 409)
