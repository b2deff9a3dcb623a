"""The method's data: complete, consistent, and refused where it is not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.scoring.exposure import parse_exposure
from riskassess.scoring.loading import check_method, read_method
from riskassess.scoring.method import FOLDER, METHODS, load_method
from riskassess.scoring.ranges import Range

VRM = FOLDER / "vrm-1.0"
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def test_vrm_1_0_is_whole() -> None:
    method = load_method("vrm-1.0")
    assert METHODS == ("vrm-1.0",)
    assert (len(method.risk_factors), len(method.opportunity_factors)) == (43, 12)
    assert method.risk_weight == sum(one.weight for one in method.opportunity_factors) == 100
    assert method.factor("DAT-RES").klass == "A"
    assert [gate.key for gate in method.gates if gate.starred] == ["G3", "G4", "G7", "G8"]
    assert len(method.gates) == 13
    by_domain = {
        name: sum(one.weight for one in method.risk_factors if one.domain == name) for name in method.domains
    }
    assert list(by_domain.values()) == [18, 16, 12, 18, 14, 10, 6, 6]
    assert load_method() is method


def test_what_it_does_not_know_is_refused() -> None:
    for ask in (
        lambda: load_method("vrm-9"),
        lambda: load_method().factor("X"),
        lambda: load_method().gate("X"),
    ):
        with pytest.raises(InvalidInput):
            ask()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("factors.csv", ",4,A,100 if R else D,", ",5,A,100 if R else D,"),
        ("factors.csv", ",100 if R else D,", ",100 if Q else D,"),
        ("factors.csv", ",100 if R else D,", ",sometimes,"),
        ("factors.csv", "risk,DAT-XFR,", "risk,DAT-RES,"),
        ("factors.csv", "risk,DAT-XFR,Data,", "risk,DAT-XFR,Dates,"),
        ("factors.csv", ",20,A,relevance,", ",21,A,relevance,"),
        ("factors.csv", ",20,A,relevance,", ",20,E,relevance,"),
        ("factors.csv", "Required zone not offered,4,A", ",4,A"),
        ("factors.csv", ",3,A,D if EU or UK,", ",0,A,D if EU or UK,"),
        ("method.yaml", "share: 70", "share: 69"),
        ("method.yaml", "C: 36", "C: 35"),
        ("method.yaml", "2: 50, 3: 25", "2: 25, 3: 50"),
        ("method.yaml", "narrow: {1: 25", "narrow: {1: 80"),
        ("method.yaml", "A: [5, 5, 4, 4, 1, 0]", "A: [5, 5, 4, 4, 1]"),
        ("method.yaml", "conditional: 45", "conditional: 75"),
        ("method.yaml", "    judgement: The mandate is the buyer's own policy.\n", ""),
        (
            "method.yaml",
            "  judgement: Source by verification as in the Admiralty code; widths agreed 2026-11.\n",
            "",
        ),
        ("method.yaml", "draws: 4096", "draws: 4095"),
    ],
)
def test_inconsistent_data_are_refused(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = tmp_path / "vrm"
    shutil.copytree(VRM, folder)
    text = (folder / file).read_text()
    assert text.count(old) >= 1, old
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(InvalidInput) as caught:
        read_method(folder)
    assert caught.value.hint


def test_an_untouched_copy_is_the_same_method(tmp_path: Path) -> None:
    shutil.copytree(VRM, tmp_path / "vrm")
    assert read_method(tmp_path / "vrm").digest == load_method().digest


def test_appetite_may_change_within_the_promises() -> None:
    check_method(replace(load_method(), thresholds=(20, 40, 70)))
    with pytest.raises(InvalidInput, match="class B"):
        check_method(replace(load_method(), thresholds=(20, 50, 70)))


LEVELS = {"D": Range(1, 2), "I": Range(3, 3), "A": Range(0, 4), "B": Range(2, 2), "S": Range(0, 0)}


@pytest.mark.parametrize(
    ("text", "flags", "expected"),
    [
        ("D", {}, (25, 50)),
        ("S", {}, (0, 0)),
        ("max(I,B)", {}, (75, 75)),
        ("max(D,A)", {}, (25, 100)),
        ("I if EU", {"EU": T}, (75, 75)),
        ("I if EU", {"EU": F}, (0, 0)),
        ("I if EU", {"EU": U}, (0, 75)),
        ("I if EU", {}, (0, 75)),
        ("max(B,D) if H or F", {"H": F, "F": T}, (50, 50)),
        ("max(B,D) if H or F", {"H": U, "F": T}, (50, 50)),
        ("max(B,D) if H or F", {"H": U, "F": F}, (0, 50)),
        ("max(B,D) if H or F", {"H": F, "F": F}, (0, 0)),
        ("100 if R else D", {"R": T}, (100, 100)),
        ("100 if R else D", {"R": F}, (25, 50)),
        ("100 if R else D", {"R": U}, (25, 100)),
        ("D if EU or UK", {"EU": F, "UK": U}, (0, 50)),
    ],
)
def test_exposure_rules(text: str, flags: dict[str, Truth], expected: tuple[int, int]) -> None:
    assert parse_exposure(text).exposure(LEVELS, flags) == expected


@pytest.mark.parametrize(
    "text", ["", "d", "X", "max(D)", "max(D,Q)", "D if", "D if XX", "100 if R", "D or B", "relevance"]
)
def test_no_exposure_rule(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_exposure(text, where="here")
    assert caught.value.where == "here"


def test_every_rule_of_the_method_is_understood() -> None:
    rules: set[Any] = {one.exposure_text for one in load_method().risk_factors}
    assert {"D", "max(I,B)", "I if EU", "max(B,D) if H or F", "100 if R else D", "D if EU or UK"} <= rules
