"""The capacity model holds where theory knows the answer, and reckons with what was measured."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale_model", ROOT / "bench/scale_model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scale_model"] = module
    spec.loader.exec_module(module)
    return module


def test_one_server_is_the_textbooks(model: ModuleType) -> None:
    """M/M/1: work waits with chance rho, on average rho / (mu - lambda)."""
    assert model.erlang_c(1, 0.8) == pytest.approx(0.8)
    assert model.mmc(1, 0.8, 1.0).mean == pytest.approx(4.0)
    assert model.mmc(1, 1.0, 1.0).mean == math.inf


def test_erlang_c_is_that_of_its_definition(model: ModuleType) -> None:
    for servers, load in ((2, 1.0), (5, 4.0), (12, 9.5)):
        last = load**servers / math.factorial(servers) * servers / (servers - load)
        whole = sum(load**n / math.factorial(n) for n in range(servers)) + last
        assert model.erlang_c(servers, load) == pytest.approx(last / whole)
    assert model.erlang_c(2, 1.0) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.4), (8, 6.4)])
def test_the_simulation_meets_the_closed_form(model: ModuleType, servers: int, load: float) -> None:
    exact = model.mmc(servers, load / 3, 3.0)
    found = [model.simulated([model.Kind("one", load / 3, 3.0)], servers, 60_000, seed) for seed in (1, 2, 3)]
    assert sum(one.mean for one in found) / 3 == pytest.approx(exact.mean, rel=0.1)
    assert sum(one.p95 for one in found) / 3 == pytest.approx(exact.p95, rel=0.1, abs=0.02)
    assert found[0].used == pytest.approx(exact.used, rel=0.03)


def test_two_halves_of_one_kind_are_that_kind(model: ModuleType) -> None:
    halves = [model.Kind("a", 0.2, 3.0), model.Kind("b", 0.2, 3.0)]
    assert model.simulated(halves, 2).mean == pytest.approx(model.mmc(2, 0.4, 3.0).mean, rel=0.15)


def test_long_work_among_short_makes_all_wait_longer(model: ModuleType) -> None:
    """Why kinds are simulated: at the same load, a mix waits longer than what is all alike."""
    mixed = [model.Kind("short", 1.0, 0.1), model.Kind("long", 0.05, 10.0)]
    load = sum(kind.rate * kind.seconds for kind in mixed)
    alike = [model.Kind("one", 1.05, load / 1.05)]
    assert model.simulated(mixed, 1).mean > 2 * model.simulated(alike, 1, 40_000).mean


def test_enough_workers_are_enough_and_one_less_is_not(model: ModuleType) -> None:
    kinds = [model.Kind("one", 4.0, 1.0)]
    servers = model.servers_for(kinds, 0.5, most_used=1.0)
    assert model.simulated(kinds, servers).p95 <= 0.5 < model.simulated(kinds, servers - 1).p95


def test_it_reckons_with_what_was_measured(model: ModuleType) -> None:
    costs, unit = json.loads(model.COSTS.read_text()), model.Unit()
    web, jobs = model.work(costs, 100, unit)
    assert {kind.name for kind in jobs} == {"score", "pdf", "workbook", "import of 1,000 rows"}
    assert all(kind.rate > 0 and kind.seconds > 0 for kind in (*web, *jobs))
    once, ten = (sum(model.bytes_a_year(costs, units, unit).values()) for units in (1, 10))
    assert ten == pytest.approx(10 * once)
    nothing, everything = (model.night(costs, 1_000, changed) for changed in (0.0, 1.0))
    assert nothing.bytes == 0
    assert everything.bytes == 1_000 * costs["score"]["bytes"]
    assert nothing.cpu_hours < everything.cpu_hours


def test_the_page_says_what_the_model_says(model: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/scale.md holds the output as it is."""
    sys_argv, sys.argv = sys.argv, ["scale_model.py"]
    try:
        model.main()
    finally:
        sys.argv = sys_argv
    page = (ROOT / "docs/scale.md").read_text()
    for line in capsys.readouterr().out.splitlines():
        assert line.rstrip() in page, line
