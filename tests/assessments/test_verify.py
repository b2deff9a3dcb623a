"""A run is recomputed from its own record, to the same bytes, also after rules and methods have moved on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import score, verify_run
from riskassess.assessments.verifying import Verification, differences, verify
from riskassess.home.demo.loading import load_all
from riskassess.rules.reading import Reading
from riskassess.rules.rule import Ruling, raised_if, rule
from riskassess.rules.rulebook import RULEBOOK, Rulebook
from riskassess.rules.values import Level
from riskassess.scoring.canonical import canonical_json, digest


@pytest.fixture(scope="module")
def briefing(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[ScoreRun]]:
    """The runs of the founding briefing, stored and read back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all("a password nobody else knows")
        for assessment in Assessment.objects.all():
            score(assessment)
        yield list(ScoreRun.objects.order_by("pk"))
        transaction.set_rollback(True)


def test_every_run_of_the_briefing_is_the_same_to_the_byte(briefing: list[ScoreRun]) -> None:
    assert len(briefing) >= 7
    for run in briefing:
        assert verify_run(run) == Verification(same=True)


# -- what differs is named ---------------------------------------------------------------------------


def changed(run: ScoreRun, *path: Any, to: Any, renamed: bool = True) -> str:
    """The record with one thing changed and, unless asked otherwise, a result id that fits it."""
    record = json.loads(run.record)
    *way, last = path
    inner = record
    for step in way:
        inner = inner[step]
    inner[last] = to
    if renamed:
        record["result_id"] = digest({key: value for key, value in record.items() if key != "result_id"})
    return canonical_json(record).decode()


def test_a_changed_record_no_longer_fits_its_name(briefing: list[ScoreRun]) -> None:
    found = verify(changed(briefing[0], "decision", to="APPROVE", renamed=False))
    assert not found.same
    assert found.difference.startswith("result_id: stored ")


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("risk", 1), 7, "risk[1]: stored 7, recomputed "),
        (("regimes", "us_ftc", "low"), 4, "regimes.us_ftc.low: stored 4, recomputed "),
        (("extra",), [1], "extra: stored [1], recomputed nothing"),
        (("method",), "vrm-0.9", "it cannot be recomputed: InvalidInput: method: There is no method"),
        (("method_digest",), "0", 'method_digest: stored "0", recomputed '),
        (("inputs",), {}, "it cannot be recomputed: KeyError"),
        (("schema",), "other/1", "the record is not of schema riskassess-run/1"),
    ],
)
def test_the_first_place_that_differs_is_named(
    briefing: list[ScoreRun], path: tuple[Any, ...], to: Any, said: str
) -> None:
    found = verify(changed(briefing[0], *path, to=to))
    assert not found.same
    assert found.difference.startswith(said)


@pytest.mark.parametrize("text", ["{}", "[]", "", "{", '{"schema":"riskassess-run/1"} '])
def test_what_is_no_record_is_refused(text: str) -> None:
    assert not verify(text).same


def test_columns_are_held_against_the_record(briefing: list[ScoreRun]) -> None:
    run = ScoreRun.objects.get(pk=briefing[0].pk)
    run.risk_high += 1
    assert verify_run(run).difference.startswith("column risk_high: stored ")


def test_differences_go_key_by_key() -> None:
    one, other = {"a": [1, 2], "b": True, "result_id": "x"}, {"a": [1], "b": 1, "result_id": "y"}
    assert list(differences(one, other)) == [
        "a[1]: stored 2, recomputed nothing",
        "b: stored true, recomputed 1",
        'result_id: stored "x", recomputed "y"',
    ]


# -- rules and methods move on -----------------------------------------------------------------------


@rule("FTC6", subject="B", cites=["ftc_act_s5"], since=date(2027, 3, 1))
def stricter_from_march(x: Reading) -> Ruling:
    """Words of a law that comes later."""
    return raised_if(x.yes("nexus_us"), Level(4, fixed=True))


def moved_on() -> Rulebook:
    """A later release: reworded, cited anew, a law that comes later, and rules and a regime that are new."""
    regimes = []
    for regime in RULEBOOK.regimes:
        rules = [
            replace(
                one,
                sentence=f"Reworded: {one.sentence}",
                citations=tuple(replace(cited, checked_on=date(2027, 2, 1)) for cited in one.citations),
            )
            for one in regime.rules
        ]
        brand_new = replace(rules[-1], id=f"{rules[-1].id}99")
        later = [stricter_from_march] if regime.key == "us_ftc" else []
        regimes.append(replace(regime, title=f"{regime.title}!", rules=(*rules, *later, brand_new)))
    return replace(RULEBOOK, release="2027-02-01", regimes=(*regimes, replace(regimes[0], key="us_new")))


def test_a_past_run_is_the_same_after_the_rules_have_moved_on(briefing: list[ScoreRun]) -> None:
    for run in briefing:
        found = verify(run.record, moved_on())
        assert found.same, found.difference
        assert found.notes[0].startswith("The rules have moved on from release 2026-11-24 to 2027-02-01")


def test_a_judgement_that_was_corrected_since_is_named(briefing: list[ScoreRun]) -> None:
    ftc = RULEBOOK.regime("us_ftc")
    corrected = replace(stricter_from_march, since=None)
    rules = tuple(corrected if one.id == "FTC6" else one for one in ftc.rules)
    later = replace(RULEBOOK, release="2027-02-01", regimes=tuple(
        replace(one, rules=rules) if one.key == "us_ftc" else one for one in RULEBOOK.regimes
    ))  # fmt: skip
    found = [verify(run.record, later) for run in briefing]
    assert any(one.difference.startswith("regimes.us_ftc.findings[") for one in found)
    assert all(one.notes for one in found)


# -- the command -------------------------------------------------------------------------------------


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify", *arguments, stdout=out)
    return out.getvalue()


def test_one_run_by_number_or_result_id_and_all(briefing: list[ScoreRun]) -> None:
    run = briefing[0]
    assert (
        said(str(run.pk))
        == said(run.result_id[:12])
        == f"Run {run.pk} ({run.result_id}): the same to the byte.\n"
    )
    assert said("--all").endswith(f"{len(briefing)} runs, all the same to the byte.\n")


def test_a_run_that_differs_is_exit_1(briefing: list[ScoreRun]) -> None:
    run = briefing[1]
    with transaction.atomic():
        ScoreRun.objects.filter(pk=run.pk).update(record=changed(run, "risk", 0, to=7))
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 of") as error:
            call_command("verify", "--all", stdout=out)
        transaction.set_rollback(True)
    assert error.value.returncode == 1
    assert f"Run {run.pk} ({run.result_id}) differs: risk[0]: stored 7, recomputed " in out.getvalue()


@pytest.mark.parametrize("arguments", [[], ["999999"], ["abc"], ["zzzzzzzzzz"], ["1", "--all"]])
def test_which_run_has_to_be_said(briefing: list[ScoreRun], arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="run"):
        said(*arguments)
