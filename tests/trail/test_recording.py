"""Every change of every record leaves one entry: who, when, from, to, why; whatever way it came."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from riskassess import recording
from riskassess.accounts import tokens
from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Can, Role
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Answer, Assessment, Condition, ScoreRun
from riskassess.assessments.remarks import NewRemark
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.jobs.handlers import HANDLERS, RunningJob
from riskassess.jobs.services import drain, enqueue
from riskassess.kernel.errors import Conflict
from riskassess.recording import RECORDED, acting, kept_fields
from riskassess.trail.models import Entry
from tests.builders import (
    a_condition,
    an_acceptance,
    make_assessment,
    make_model,
    make_offering,
    make_person,
    make_run,
    make_vendor,
)

pytestmark = pytest.mark.django_db


def entries_of(record: models.Model) -> list[Entry]:
    """All entries of one record, the oldest first."""
    return list(Entry.objects.filter(kind=record._meta.label_lower, object_id=record.pk).order_by("pk"))


def last_of(record: models.Model) -> Entry:
    return entries_of(record)[-1]


def test_a_vendor_is_made_renamed_and_deleted(ana: User) -> None:
    with acting(by=ana, why="as its register says", through="page"):
        vendor = make_vendor("Acme", hq_country="DE")
        vendor.name = "Acme SE"
        vendor.save()
        pk, _ = vendor.pk, vendor.delete()
    made, renamed, gone = Entry.objects.filter(kind="catalog.vendor", object_id=pk).order_by("pk")
    assert (made.action, renamed.action, gone.action) == (0, 1, 2)
    assert made.changes["hq_country"] == [None, "DE"]
    assert renamed.changes == {"name": ["Acme", "Acme SE"]}
    assert gone.changes["name"] == ["Acme SE", None]
    assert {(one.actor, one.actor_name, one.why, one.through) for one in (made, renamed, gone)} == {
        (ana, "Ana Ferreira", "as its register says", "page")
    }


def test_saving_what_is_the_same_says_nothing(db: None) -> None:
    vendor = make_vendor()
    vendor.save()
    Vendor.objects.filter(pk=vendor.pk).update(name=vendor.name)
    assert len(entries_of(vendor)) == 1


def test_updates_that_send_no_signal(ana: User, ben: User, procurement: BusinessUnit) -> None:
    """A guarded UPDATE, an expression, and rows made in bulk."""
    assessment = make_assessment(ana, procurement)
    drafts = Assessment.objects.filter(pk=assessment.pk, state="draft")
    assert drafts.update(state="submitted", submitted_by=ben) == 1
    assert last_of(assessment).changes == {
        "state": ["draft", "submitted"],
        "submitted_by": [None, {"id": ben.pk, "name": "Ben Lindqvist"}],
    }
    assert drafts.update(state="withdrawn") == 0
    assert len(entries_of(assessment)) == 2
    run = make_run(assessment)
    decision = assessment.decisions.create(
        run=run, outcome="CONDITIONAL", computed="CONDITIONAL", decided_by=ben
    )
    (condition,) = Condition.objects.bulk_create([Condition(decision=decision, text="Sign the DPA")])
    Condition.objects.filter(pk=condition.pk).update(text=models.functions.Upper("text"))
    assert [one.changes["text"] for one in entries_of(condition)] == [
        [None, "Sign the DPA"],
        ["Sign the DPA", "SIGN THE DPA"],
    ]
    for kept in (last_of(condition), last_of(decision)):
        assert (kept.about_kind, kept.about_id, kept.unit) == (
            "assessments.assessment",
            assessment.pk,
            procurement,
        )


def test_an_update_of_many_rows_is_told_whole_and_a_portion_at_a_time(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "FEW", 3)
    vendors = [make_vendor(f"Vendor {number}") for number in range(8)]
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert Vendor.objects.filter(summary="").update(summary="Seen.") == 8
    told = Entry.objects.order_by("pk")[before:]
    assert [(one.object_id, one.changes) for one in told] == [
        (vendor.pk, {"summary": ["", "Seen."]}) for vendor in vendors
    ]
    writes = [one["sql"] for one in queries if one["sql"].startswith("UPDATE")]
    assert len(writes) == 3
    assert all(" IN (" in one for one in writes)
    upper = models.functions.Upper("summary")
    assert Vendor.objects.filter(summary="Seen.").update(summary=upper) == 8
    assert set(Vendor.objects.values_list("summary", flat=True)) == {"SEEN."}


def test_a_change_that_is_taken_back_leaves_no_entry(db: None) -> None:
    vendor = make_vendor("Acme")
    with transaction.atomic():
        Vendor.objects.filter(pk=vendor.pk).update(name="Other")
        transaction.set_rollback(True)
    assert len(entries_of(vendor)) == 1


def test_an_upsert_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="is recorded"):
        Vendor.objects.bulk_create([Vendor(name="Acme", slug="acme")], ignore_conflicts=True)


def test_who_developed_a_model_together(db: None) -> None:
    model, acme = make_model(), make_vendor("Acme")
    model.co_developers.add(acme)
    assert last_of(model).changes == {"co_developers": [None, ["Acme"]]}
    model.co_developers.remove(acme)
    assert last_of(model).changes == {"co_developers": [["Acme"], None]}


def test_secrets_are_never_in_it(ana: User) -> None:
    ana.set_password("correct horse battery staple")
    ana.save()
    assert last_of(ana).changes == {"password": ["(not shown)", "(not shown)"]}
    made = tokens.make(ana, "Nightly export", [])
    whole = json.dumps(list(Entry.objects.values("changes", "object_repr", "why")))
    assert ana.password not in whole
    assert made.key not in whole
    assert made.token.digest not in whole
    kept = last_of(made.token)
    assert (kept.about_id, kept.changes["name"]) == (ana.pk, [None, "Nightly export"])


# --- who, why, and by which way -----------------------------------------------------------------------------


def test_on_a_page_and_over_the_api(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    assessment = make_assessment(ana, procurement)
    token = tokens.make(ana, "Answers", [Can.ASSESS, Can.REQUEST]).key
    answer = Client(headers={"Authorization": f"Token {token}"}).put(
        f"/api/v1/assessments/{assessment.pk}/answers/",
        {"question": "ftc_inquiry", "state": "unknown"},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    kept = Entry.objects.filter(kind="assessments.answer").latest("pk")
    assert (kept.actor, kept.through) == (ana, "API")
    as_ana.post(reverse("assessments:move", args=[assessment.pk, "withdraw"]))
    kept = last_of(assessment)
    assert (kept.actor, kept.through) == (ana, "page")
    assert kept.changes == {"state": ["draft", "withdrawn"]}


def test_a_job_acts_for_who_asked_for_it(ana: User, procurement: BusinessUnit) -> None:
    vendor = make_vendor("Acme")

    def rename(job: RunningJob) -> dict[str, Any]:
        Vendor.objects.filter(pk=vendor.pk).update(name="Acme SE")
        return {}

    HANDLERS["rename"] = rename
    try:
        enqueue("rename", {}, key="rename:1", unit=procurement, by=ana)
        drain()
    finally:
        del HANDLERS["rename"]
    assert (last_of(vendor).actor, last_of(vendor).through) == (ana, "job rename")


def test_the_administration_acts_for_its_person(db: None) -> None:
    hana = make_person("Hana Sato", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(hana)
    client.post("/admin/accounts/businessunit/add/", {"name": "Legal"})
    kept = last_of(BusinessUnit.objects.get(name="Legal"))
    assert (kept.actor, kept.through, kept.realm) == (hana, "administration", "accounts")


def test_reasons_of_moves(ana: User, ben: User, procurement: BusinessUnit) -> None:
    """Why an assessment moved is what the person said when moving it."""
    assessment = make_assessment(ana, procurement, state="submitted")
    services.return_for_changes(assessment, [NewRemark("Which one?", "ftc_inquiry")], by=ben)
    assert last_of(assessment).why == "ftc_inquiry: Which one?"
    Assessment.objects.filter(pk=assessment.pk).update(state="submitted")
    assessment.refresh_from_db()
    make_run(assessment)
    services.decide(
        assessment,
        "CONDITIONAL",
        by=ben,
        conditions=(a_condition("Sign the DPA"),),
        reason="Good enough.",
        accept=an_acceptance(),
    )
    decided = Entry.objects.filter(kind="assessments.decision").latest("pk")
    assert (decided.why, decided.actor) == ("Good enough.", ben)


# --- imports ------------------------------------------------------------------------------------------------


def test_an_import_is_one_entry(ana: User, procurement: BusinessUnit) -> None:
    from riskassess.imports import services as imports
    from tests.imports.sheets import ONE, as_csv, imported

    batch = imported(as_csv(ONE, ("Acme", "Fast", "", "1", "")), by=ana, unit=procurement)
    assert not Entry.objects.filter(
        kind__in=["catalog.offering", "catalog.vendor", "catalog.source"]
    ).exists()
    applied = last_of(batch)
    assert applied.changes["state"] == ["applying", "applied"]
    assert applied.changes["journal"][1]["made"] == {
        "model": 2,
        "offering": 2,
        "price": applied.changes["journal"][1]["made"]["price"],
        "source": 1,
        "vendor": 1,
    }
    assert applied.unit == procurement
    imports.undo(batch, by=ana)
    undone = last_of(batch)
    assert undone.changes["state"] == ["applied", "undone"]
    assert undone.changes["taken_back"][1]["pages"] == applied.changes["journal"][1]["pages"]
    assert undone.actor == ana
    call_command("verify_audit")


# --- append-only, and nothing forgotten --------------------------------------------------------------------------


def test_entries_are_only_added(db: None) -> None:
    vendor = make_vendor()
    (kept,) = entries_of(vendor)
    kept.why = "another reason"
    for attempt in (
        kept.save,
        kept.delete,
        lambda: Entry.objects.update(why=""),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update([kept], ["why"]),
    ):
        with pytest.raises(Conflict):
            attempt()


# What is not recorded, and where else its changes are told.
ELSEWHERE = {
    "accounts.keptanswer": "an answer of the API, kept so that asking twice does nothing twice",
    "assessments.reminder": "a mail that was sent; the row is its own record",
    "home.lastlook": "up to where a person has read the news: nobody else's matter",
    "imports.journalpage": "what imports changed; its digest is in the entry of the import",
    "imports.planpage": "what applying would write; forgotten once it has",
    "imports.row": "a row as it came, with who decided what of it; the journal tells what it did",
    "jobs.job": "work to do, with who asked for it and what came of it",
    "questionnaires.inquirymail": "a mail that was sent; the row is its own record",
    "people.personmail": "a mail that was sent; the row is its own record",
    "imports.sheetpage": "a sheet as it was read, to be read again quickly",
    "reports.combinedreport": "written from runs, as a report is",
    "reports.reportfile": "written from a run, and the same whenever it is written again",
    "trail.entry": "the trail",
    "webhooks.delivery": "a message that was sent; the row is its own record, for sixty days",
    "webhooks.try": "one request of such a message",
    "trail.seal": "the trail",
}


def test_every_model_of_ours_is_recorded_or_told_elsewhere(db: None) -> None:
    from django.apps import apps

    ours = [model for model in apps.get_models() if model.__module__.startswith("riskassess.")]
    left = {model._meta.label_lower for model in ours if model not in RECORDED}
    assert left == set(ELSEWHERE)
    from riskassess.recording import Recorded

    for model in ours:
        if model in RECORDED:
            assert issubclass(type(model._default_manager.all()), Recorded), (
                f"{model}: bulk writes leave no entry"
            )
            assert kept_fields(model)


def test_the_ends_of_every_path_are_there(ana: User, procurement: BusinessUnit) -> None:
    """Whose work it is and on which page it is read are found for each kind, by columns that exist."""
    for model, kept in RECORDED.items():
        for path in (*kept.about, *filter(None, [kept.unit])):
            holder: Any = model
            *way, last = path.split(".")
            for step in way:
                holder = holder._meta.get_field(step).related_model
            assert holder._meta.get_field(last.removesuffix("_id")), (model, path)


def test_scoring_keeps_one_entry_a_run(ana: User, procurement: BusinessUnit) -> None:
    from riskassess.assessments.scoring import score

    assessment = make_assessment(ana, procurement)
    before = Entry.objects.count()
    run = score(assessment)
    assert Entry.objects.count() == before + 1
    kept = last_of(run)
    assert kept.changes["result_id"] == [None, run.result_id]
    assert "record" not in kept.changes
    score(assessment)
    assert Entry.objects.count() == before + 1
    assert isinstance(run, ScoreRun)


def test_a_taken_back_answer(ana: User, procurement: BusinessUnit) -> None:
    assessment = make_assessment(ana, procurement)
    services.answer(assessment, "ftc_inquiry", Given(state="unknown"), by=ana)
    pk = Answer.objects.get().pk
    services.answer(assessment, "ftc_inquiry", Given(state=""), by=ana)
    gone = Entry.objects.get(kind="assessments.answer", object_id=pk, action=2)
    assert gone.changes["state"] == ["unknown", None]
    assert (gone.about_id, gone.unit) == (assessment.pk, procurement)


def test_people_and_their_roles(procurement: BusinessUnit) -> None:
    person = make_person("Gil Roth", (procurement, Role.ASSESSOR))
    membership = Membership.objects.get(user=person)
    pk = membership.pk
    membership.delete()
    gone = Entry.objects.get(kind="accounts.membership", object_id=pk, action=2)
    assert (gone.about_kind, gone.about_id, gone.realm, gone.unit) == (
        "accounts.user",
        person.pk,
        "accounts",
        None,
    )
    assert gone.changes["role"] == ["assessor", None]


def test_names_are_kept_as_they_were(db: None) -> None:
    acme = make_vendor("Acme")
    offering = make_offering(seller=acme)
    Vendor.objects.filter(pk=acme.pk).update(name="Acme SE")
    assert entries_of(offering)[0].changes["seller"] == [None, {"id": acme.pk, "name": "Acme"}]
    assert isinstance(offering, Offering)
    assert isinstance(offering.model, AIModel)
