"""`judge` and `compute`: what the manual shows is what they answer, and neither touches a database."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from riskassess.rules.facts import FACTS, Kind
from riskassess.scoring.casefile import compute_case
from tests.rules.caselist import ALL_CASES, BACKGROUND, Case

MANUAL = (Path(__file__).parents[2] / "docs" / "judge-and-compute.md").read_text(encoding="utf-8")


def run(command: str, content: str, *options: str, ending: str = "yaml", tmp: Path) -> tuple[Any, int, str]:
    """What `--json` prints, the exit status, and what is said of refusals."""
    path, out = tmp / f"case.{ending}", io.StringIO()
    path.write_text(content, encoding="utf-8")
    status, said = 0, ""
    try:
        call_command(command, str(path), "--json", *options, stdout=out)
    except CommandError as error:
        status, said = error.returncode, str(error)
    return json.loads(out.getvalue()), status, said


def shown(section: str) -> list[str]:
    """The yaml and json blocks of one section of the manual."""
    text = MANUAL.split(f"\n## `{section}`", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```(?:yaml|json)\n(.*?)```", text, re.DOTALL)


def assert_holds(part: Any, whole: Any) -> None:
    """`whole` says everything that `part` says; findings are found by id."""
    if isinstance(part, dict):
        for key, value in part.items():
            assert_holds(value, whole[key])
    elif isinstance(part, list) and part and isinstance(part[0], dict):
        for one in part:
            assert_holds(one, next(other for other in whole if other["id"] == one["id"]))
    else:
        assert part == whole


def test_the_manual_s_judgement_is_what_judge_answers(tmp_path: Path) -> None:
    case, answer = shown("judge")
    found, status, _ = run("judge", case, tmp=tmp_path)
    assert status == 0
    assert_holds(json.loads(answer), found)
    assert list(found) == ["regimes", "gates", "errors"]
    assert set(found["regimes"]["us_fda"]["findings"][0]) == {
        "id", "outcome", "severity", "citations", "settled_by",
    }  # fmt: skip


def test_the_manual_s_computation_is_what_compute_answers(tmp_path: Path) -> None:
    case, answer = shown("compute")
    assert run("compute", case, tmp=tmp_path, ending="json") == (json.loads(answer), 0, "")


def test_the_manual_names_every_fact_and_value() -> None:
    for name, spec in FACTS.items():
        line = next(
            line for line in MANUAL.splitlines() if f"`{name}`" in line and "nexus_us: true" not in line
        )
        assert line.startswith("|") is (spec.kind is not Kind.BOOL), name
        values = [*spec.values, *(v for one in spec.members for v in (one.name, *one.values))]
        assert all(value in line for value in values), name


def test_a_list_is_answered_by_a_list(tmp_path: Path) -> None:
    cases = ALL_CASES[::12]

    def written(case: Case) -> dict[str, Any]:
        return {"name": case.name, "on": case.on.isoformat(), "facts": BACKGROUND | case.facts}

    found, status, _ = run("judge", json.dumps([*map(written, cases)], default=str), tmp=tmp_path)
    assert status == 0
    for case, answer in zip(cases, found, strict=True):
        regime = answer["regimes"][case.regime]
        assert [regime["low"], regime["high"]] == case.range, case
        assert_holds(case.gates, answer["gates"])


def test_plain_facts_are_judged_on_the_day_asked_for(tmp_path: Path) -> None:
    facts = json.dumps({"art5_practice": "listed_2026", "nexus_eu": True})
    before, _, _ = run("judge", facts, "--on", "2026-12-01", tmp=tmp_path)
    after, _, _ = run("judge", facts, "--on", "2026-12-02", tmp=tmp_path)
    assert (before["gates"]["G1"], after["gates"]["G1"]) == (False, True)


def test_absent_null_and_unknown_are_the_same_and_not_applicable_is_not(tmp_path: Path) -> None:
    stated = [
        "",
        ", baa_with_operator: null",
        ", baa_with_operator: unknown",
        ", baa_with_operator: not_applicable",
    ]
    text = "".join(f"- {{hipaa_role: CE, nexus_us: true, phi: true{one}}}\n" for one in stated)
    (absent, null, unknown, not_applicable), _, _ = run("judge", text, "--on", "2026-11-24", tmp=tmp_path)
    assert absent == null == unknown != not_applicable


def test_norway_is_no_refusal_and_on_is_a_name(tmp_path: Path) -> None:
    text = "{on: 2026-11-24, facts: {at_rest_countries: [NO], personal_data: no}}"
    found, status, _ = run("judge", text, tmp=tmp_path)
    assert status == 1
    assert found["error"]["where"] == "personal_data"
    assert run("judge", text.replace("personal_data: no", ""), tmp=tmp_path)[1] == 0


def test_a_refused_case_names_fact_and_hint_and_the_others_are_answered(tmp_path: Path) -> None:
    text = "[{nexus_us: true}, {nexus_us: maybe}, {nexus_su: true}, 7]"
    found, status, said = run("judge", text, "--on", "2026-11-24", tmp=tmp_path)
    assert status == 1
    assert "regimes" in found[0]
    assert found[1]["error"]["where"] == "nexus_us"
    assert "Do you mean nexus_us?" in found[2]["error"]["hint"]
    assert "case 2: nexus_us: 'maybe' is neither true nor false." in said
    assert "case 4" in said


@pytest.mark.parametrize(
    ("command", "content", "where"),
    [
        ("judge", "{nexus_us: true}", "on"),
        ("judge", "{facts: {}, on: 24.11.2026}", "on"),
        ("judge", "{facts: [], on: 2026-11-24}", "facts"),
        ("judge", "{facts: {}, day: 2026-11-24}", ""),
        ("judge", "{nexus_us: true, nexus_us: false}", "case.yaml"),
        ("judge", '{"nexus_us": true, "nexus_us": false}', "nexus_us"),
        ("judge", "{share_critical_ai: NaN}", "on"),
        ("judge", "{", "case.yaml"),
        ("judge", "", "case.yaml"),
        ("judge", "[" * 100_000, "case.yaml"),
        ("compute", "{}", "profile"),
        ("compute", "{profile: {D: 7}}", "profile.D"),
        ("compute", "{profile: {}, answers: {X-Y: null}}", "X-Y"),
        ("compute", "{profile: {}, method: vrm-9}", "method"),
        ("compute", "just words", "case"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    command: str, content: str, where: str, tmp_path: Path
) -> None:
    found, status, said = run(command, content, tmp=tmp_path)
    assert status == 1
    assert found["error"]["message"]
    assert found["error"]["where"].endswith(where)
    assert found["error"]["message"] in said


def test_files_and_options_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    for arguments in (["none.yaml"], ["latin.yaml"], ["latin.yaml", "--on", "yesterday"]):
        with pytest.raises(CommandError, match=r"cannot be read|not UTF-8|not a day"):
            call_command("judge", str(tmp_path / arguments[0]), *arguments[1:])


def test_stdin_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    out, case = io.StringIO(), {"profile": {"D": 1}, "flags": ["EU"]}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(case)))
    call_command("compute", "-", "--json", stdout=out)
    assert json.loads(out.getvalue()) == compute_case(case)


def test_people_get_text(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("[{name: a purchase, facts: {nexus_us: true, claims: []}, on: 2026-11-24}]")
    out = io.StringIO()
    call_command("judge", str(path), stdout=out)
    assert out.getvalue().startswith("case 1 a purchase: as of 2026-11-24, rules ")
    assert "settled by" in out.getvalue()
    path.write_text("{profile: {D: 1, I: 1, A: 1, B: 1, S: 2}, flags: [EU], gates: {G2: unknown}}")
    out = io.StringIO()
    call_command("compute", str(path), stdout=out)
    assert out.getvalue().splitlines()[:2] == [
        "ESCALATE, risk 0.0 to 43.1", "  CONDITIONAL without gates and floor",
    ]  # fmt: skip


def test_compute_says_what_controls_do_in_words_too(tmp_path: Path) -> None:
    case, _ = shown("compute")
    path, out = tmp_path / "case.json", io.StringIO()
    path.write_text(case, encoding="utf-8")
    call_command("compute", str(path), stdout=out)
    assert "  target 28.8 to 87.6, ESCALATE by points" in out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"x": 1}, "mitigations.x"),
        ({"x": {"effectiveness": 40}}, "mitigations.x.factors"),
        ({"x": {"factors": ["DAT-TRN"]}}, "mitigations.x.effectiveness"),
        ({"x": {"factors": ["DAT-TRN"], "effectiveness": 40, "status": "done"}}, "mitigations.x.status"),
        ({"x": {"factors": ["DAT-TRN"], "effectiveness": 40, "owner": "me"}}, "mitigations.x"),
        ({"x": {"factors": ["OPP-CAP"], "effectiveness": 40}}, "mitigation x"),
    ],
)
def test_what_is_no_mitigation_is_refused_by_name(given: Any, where: str, tmp_path: Path) -> None:
    answer, status, _ = run(
        "compute", json.dumps({"profile": {}, "mitigations": given}), tmp=tmp_path, ending="json"
    )
    assert status == 1
    assert answer["error"]["where"] == where
