"""A portfolio scored anew: dealt out in chunks, gone on with after a crash, and the same as one by one."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import rescoring, services
from riskassess.assessments.gathered import Gathered
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.models import Answer, Assessment, ScoreRun
from riskassess.assessments.rescoring import CHUNK, RESCORE
from riskassess.assessments.scoring import score
from riskassess.jobs.models import Job
from riskassess.jobs.services import cancel, drain, run
from riskassess.kernel.errors import InvalidInput, NotAllowed
from tests.builders import leases_run_out, make_assessment, make_offering, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "CHUNK_SIZE", 2)
    monkeypatch.setattr(rescoring, "CHUNKS_QUEUED", 2)
    monkeypatch.setattr(rescoring, "LOOK_AGAIN", timedelta(0))


@pytest.fixture
def seven(ana: User, procurement: BusinessUnit) -> list[Assessment]:
    offering = make_offering()
    return [make_assessment(ana, procurement, offering=offering, use_case=f"Use {n}") for n in range(7)]


def rescored(job: Job) -> Job:
    drain()
    job.refresh_from_db()
    return job


def claimed(kind: str) -> Job:
    """The next job, which has to be of this kind, in the hands of a worker."""
    job = Job.objects.claim_next(timezone.now())
    assert job is not None
    assert job.kind == kind
    return job


def test_everything_is_scored_as_one_by_one(
    seven: list[Assessment], ana: User, procurement: BusinessUnit
) -> None:
    job = rescored(services.request_rescore(procurement, by=ana))
    assert (job.state, job.percent, job.progress_done, job.attempts) == ("done", 100, 7, 1)
    assert job.result == {"scored": 7, "changed": 7, "decided_otherwise": 0}
    assert Job.objects.filter(kind=CHUNK).count() == 4
    assert set(Job.objects.filter(kind=CHUNK).values_list("unit", "state")) == {(procurement.pk, "done")}
    stored = dict(ScoreRun.objects.values_list("assessment", "result_id"))
    for assessment in seven:
        assert score(assessment).result_id == stored[assessment.pk]
    assert ScoreRun.objects.count() == 7


def test_twice_is_harmless(seven: list[Assessment], procurement: BusinessUnit) -> None:
    rescored(services.request_rescore(procurement, by=None))
    again = rescored(services.request_rescore(procurement, by=None))
    assert again.result == {"scored": 7, "changed": 0, "decided_otherwise": 0}
    assert ScoreRun.objects.count() == 7


def test_what_was_judged_before_is_not_judged_again(
    seven: list[Assessment], procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    rescored(services.request_rescore(procurement, by=None))
    changed = seven[0]
    Answer.objects.create(assessment=changed, question="profile.D", state="known", value=2)
    judged_now: list[Any] = []

    def watched(gathered: Gathered, *rest: Any) -> Judgement:
        judged_now.append(gathered.subject["assessment"])
        return judged(gathered, *rest)

    monkeypatch.setattr("riskassess.assessments.scoring.judged", watched)
    again = rescored(services.request_rescore(procurement, by=None))
    assert judged_now == [changed.pk]
    assert again.result["changed"] == 1


def test_asking_again_while_it_runs_is_the_same_job(
    procurement: BusinessUnit, research: BusinessUnit
) -> None:
    first = services.request_rescore(procurement, by=None)
    assert services.request_rescore(procurement, by=None) == first
    assert services.request_rescore(research, by=None) != first
    assert services.request_rescore(procurement, by=None, stale_only=True) != first
    assert services.request_rescore(None, by=None) != first


def test_only_a_few_chunks_wait_in_the_queue(seven: list[Assessment], procurement: BusinessUnit) -> None:
    job = services.request_rescore(procurement, by=None)
    run(claimed(RESCORE))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress_total) == ("queued", 0, 7)
    assert Job.objects.filter(kind=CHUNK).count() == 2
    run(claimed(CHUNK))
    job.refresh_from_db()
    assert (job.progress_done, job.percent) == (2, 28)


def test_only_the_stale(seven: list[Assessment], ana: User, procurement: BusinessUnit) -> None:
    score(seven[0])
    make_run(seven[1], rules_release="2026-01-01")
    make_run(seven[2], method_version="vrm-0.9", decision="APPROVE")
    job = rescored(services.request_rescore(procurement, by=ana, stale_only=True))
    assert job.result["scored"] == 6
    assert job.result["decided_otherwise"] >= 1
    assert not rescoring.portfolio(procurement.pk, stale_only=True).exists()


def test_withdrawn_ones_and_other_units_are_left_alone(
    seven: list[Assessment], cleo: User, research: BusinessUnit, procurement: BusinessUnit
) -> None:
    services.withdraw(seven[0], by=seven[0].assessor)
    elsewhere = make_assessment(cleo, research)
    assert rescored(services.request_rescore(procurement, by=None)).result["scored"] == 6
    elsewhere.refresh_from_db()
    assert elsewhere.current_run is None
    assert rescored(services.request_rescore(None, by=None)).result == {
        "scored": 7, "changed": 1, "decided_otherwise": 0,
    }  # fmt: skip


def test_an_empty_portfolio_is_done(procurement: BusinessUnit) -> None:
    job = rescored(services.request_rescore(procurement, by=None))
    assert (job.state, job.result) == ("done", {"scored": 0, "changed": 0, "decided_otherwise": 0})


# -- what goes wrong ---------------------------------------------------------------------------------


class Killed(BaseException):
    """The worker's machine is gone: no handler of exceptions runs."""


def test_a_chunk_goes_on_where_a_dead_worker_left_it(
    seven: list[Assessment], procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "CHUNK_SIZE", 7)
    scored: list[int] = []

    def dies_at_the_fourth(assessment: Assessment) -> ScoreRun:
        if len(scored) == 3:
            raise Killed
        scored.append(assessment.pk)
        return score(assessment)

    job = services.request_rescore(procurement, by=None)
    run(claimed(RESCORE))
    monkeypatch.setattr(rescoring, "score", dies_at_the_fourth)
    chunk = Job.objects.get(kind=CHUNK)
    with pytest.raises(Killed):
        drain()
    chunk.refresh_from_db()
    assert (chunk.state, chunk.progress_done, ScoreRun.objects.count()) == ("running", 3, 3)
    monkeypatch.setattr(rescoring, "score", lambda one: scored.append(one.pk) or score(one))
    assert leases_run_out() == 1
    Job.objects.filter(pk=chunk.pk).update(run_after=timezone.now())
    assert rescored(job).result == {"scored": 7, "changed": 7, "decided_otherwise": 0}
    assert scored == [one.pk for one in seven], "none twice, none left out"


def test_one_that_cannot_be_scored_is_named_and_does_not_stop_the_others(
    seven: list[Assessment], procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = {
        seven[1].pk: InvalidInput("No such level.", hint="Use 0 to 4."),
        seven[4].pk: KeyError("stage"),
    }

    def fails_for_two(assessment: Assessment) -> ScoreRun:
        if assessment.pk in trouble:
            raise trouble[assessment.pk]
        return score(assessment)

    monkeypatch.setattr(rescoring, "score", fails_for_two)
    job = rescored(services.request_rescore(procurement, by=None))
    assert job.state == "failed"
    assert f"assessment {seven[1].pk}: No such level." in job.error_message
    assert f"assessment {seven[4].pk}: Unexpected KeyError." in job.error_message
    assert ScoreRun.objects.count() == 5


def test_cancelling_it_ends_its_chunks(seven: list[Assessment], procurement: BusinessUnit) -> None:
    job = services.request_rescore(procurement, by=None)
    run(claimed(RESCORE))
    cancel(job)
    drain()
    assert not Job.objects.unfinished().exists()
    assert not ScoreRun.objects.exists()


def test_only_an_assessor_asks_and_only_for_her_unit(
    ana: User, ben: User, procurement: BusinessUnit, research: BusinessUnit
) -> None:
    for unit, person in ((procurement, ben), (research, ana), (None, ana)):
        with pytest.raises(NotAllowed):
            services.request_rescore(unit, by=person)


# -- the command -------------------------------------------------------------------------------------


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rescore", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_asks_or_works_here_and_now(seven: list[Assessment]) -> None:
    words = said()
    assert f"/jobs/{Job.objects.get().pk}/" in words
    assert said("--now") == "7 assessments scored: 7 have a new run, 0 another decision.\n"
    assert said("--now", "--stale-only", "--unit", "procurement").startswith("0 assessments scored")
    with pytest.raises(CommandError, match="no unit Nowhere"):
        said("--unit", "Nowhere")


def test_the_command_says_what_could_not_be_scored(
    seven: list[Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(assessment: Assessment) -> Any:
        raise InvalidInput("No.")

    monkeypatch.setattr(rescoring, "score", never)
    with pytest.raises(CommandError, match="and 2 more"):
        said("--now")
