"""An import changes what an assessment rests on: it is scored anew, and ana sees which decisions that moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Assessment, Decision
from riskassess.catalog.models import Offering
from riskassess.home.moved import movement
from riskassess.imports import services
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from tests.builders import make_assessment, make_person, make_run, make_unit
from tests.imports.sheets import ONE, as_csv, imported, previewed
from tests.imports.test_pages import text

LATER = date(2026, 12, 24)
NEWER = as_csv(("Acme", "Swift-1", "200000", "", "retired"))


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


@pytest.fixture
def assessed(terms: dict[str, Any]) -> Assessment:
    """Ana assessed what an earlier import brought; it was computed as approved."""
    imported(as_csv(ONE, ("Acme", "Other", "", "", "")), **terms)
    offering = Offering.objects.get(name="Swift-1")
    assessment = make_assessment(terms["by"], terms["unit"], offering=offering, as_of=LATER)
    make_run(assessment, "APPROVE")
    return assessment


def test_what_rests_on_a_changed_fact_is_scored_anew(assessed: Assessment, terms: dict[str, Any]) -> None:
    batch = imported(NEWER, name="newer.csv", on=LATER, **terms)
    (job,) = Job.objects.filter(kind="rescore")
    assert job.arguments["only"] == [assessed.offering_id]
    drain()
    assessed.refresh_from_db()
    found = movement(batch, terms["by"])
    (one,) = found.moved
    assert (one.before, one.after) == ("APPROVE", assessed.current_run.decision)  # type: ignore[union-attr]
    assert one.after != "APPROVE"
    assert (found.others, found.total, found.unseen) == (1, 1, 0)
    assert {change.label for change in one.changes} == {"context", "release stage"}


def test_an_import_that_changes_nothing_assessed_scores_nothing(
    assessed: Assessment, terms: dict[str, Any]
) -> None:
    imported(as_csv(ONE, ("Acme", "Brand new", "", "", "")), name="same.csv", **terms)
    imported(as_csv(("Acme", "Other", "1000", "", "GA")), name="other.csv", on=LATER, **terms)
    assert not Job.objects.filter(kind="rescore").exists()


def test_undoing_scores_it_as_it_was(assessed: Assessment, terms: dict[str, Any]) -> None:
    batch = imported(NEWER, name="newer.csv", on=LATER, **terms)
    drain()
    services.undo(batch, by=terms["by"])
    assert Job.objects.filter(kind="rescore").count() == 2
    drain()
    assert movement(batch, terms["by"]).moved[0].assessment == assessed


def test_a_failed_import_asks_for_no_score(assessed: Assessment, terms: dict[str, Any]) -> None:
    from riskassess.imports import running

    batch = previewed(NEWER, name="newer.csv", on=LATER, **terms)
    services.begin_applying(batch)

    def dies() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.apply(batch.pk, still_mine=dies)
    assert not Job.objects.filter(kind="rescore").exists()


def test_ana_sees_beforehand_what_it_could_move(
    as_ana: Client, assessed: Assessment, terms: dict[str, Any]
) -> None:
    batch = previewed(NEWER, name="newer.csv", on=LATER, **terms)
    address = reverse("home:moved", args=[batch.pk])
    assert address in as_ana.get(reverse("imports:rows", args=[batch.pk])).content.decode()
    page = text(as_ana.get(address))
    assert "What newer.csv could move" in page
    assert "1 rests on what changes" in page
    assert "release stage retired , was ga" in page
    assert "Approve" in page


def test_a_persons_decision_stands_beside_what_is_computed_now(
    as_ana: Client, assessed: Assessment, ben: User, terms: dict[str, Any]
) -> None:
    run = assessed.current_run
    assert run is not None
    Decision.objects.create(
        assessment=assessed, run=run, outcome="APPROVE", computed="APPROVE", decided_by=ben
    )
    batch = imported(NEWER, name="newer.csv", on=LATER, **terms)
    page = text(as_ana.get(batch.get_absolute_url()))
    assert "What it moved" in page
    assert "Being scored anew" in text(as_ana.get(reverse("home:moved", args=[batch.pk])))
    drain()
    page = text(as_ana.get(reverse("home:moved", args=[batch.pk])))
    assert "Scored anew" in page
    assert "1 computed otherwise now" in page
    assert "Ben Lindqvist" in page


def test_other_units_are_counted_not_named(
    as_ana: Client, assessed: Assessment, terms: dict[str, Any]
) -> None:
    research = make_unit("Research")
    cleo = make_person("Cleo Osei", (research, Role.ASSESSOR))
    make_assessment(cleo, research, offering=assessed.offering, use_case="Secret plan")
    batch = imported(NEWER, name="newer.csv", on=LATER, **terms)
    page = text(as_ana.get(reverse("home:moved", args=[batch.pk])))
    assert "1 more in units whose work you may not read" in page
    assert "Secret plan" not in page


def test_cleo_sees_no_import_of_procurement(as_cleo: Client, assessed: Assessment) -> None:
    batch = Batch.objects.get()
    assert as_cleo.get(reverse("home:moved", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_asks_as_little_however_many(
    count: int, as_ana: Client, terms: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    rows = [("Acme", f"Swift-{n}", "1000", "", "GA") for n in range(count)]
    imported(as_csv(*rows), **terms)
    for offering in Offering.objects.all():
        make_run(make_assessment(terms["by"], terms["unit"], offering=offering))
    newer = [("Acme", f"Swift-{n}", "2000", "", "GA") for n in range(count)]
    batch = imported(as_csv(*newer), name="newer.csv", on=LATER, **terms)
    # session, person, the batch, its changes, the offerings of the models, the journal; then the assessments,
    # how many, how many in sight, what people decided, the rows of those, the job; the rest is the frame's.
    with django_assert_max_num_queries(20):
        as_ana.get(reverse("home:moved", args=[batch.pk]))
