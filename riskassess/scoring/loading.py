"""Reads a method's folder (factors.csv, method.yaml) and refuses numbers that do not fit together."""

from __future__ import annotations

import csv
import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.anatomy import DECISIONS, Factor, Gate, GateEffect, Method, Sampling
from riskassess.scoring.exposure import parse_exposure
from riskassess.scoring.ranges import FULL, Range

TIERS = range(1, 6)


def read_method(folder: Path) -> Method:
    """The method stored in `folder`. Raises InvalidInput where its data contradict themselves."""
    table, numbers = (folder / "factors.csv").read_bytes(), (folder / "method.yaml").read_bytes()
    factors = [_factor(row, line) for line, row in enumerate(csv.DictReader(table.decode().splitlines()), 2)]
    data = yaml.safe_load(numbers)
    sampling = data["sampling"]
    decision = data["decision"]
    method = Method(
        version=data["version"],
        title=data["title"],
        judgement=data["judgement"],
        risk_factors=tuple(factor for factor in factors if factor.kind == "risk"),
        opportunity_factors=tuple(factor for factor in factors if factor.kind == "opportunity"),
        domains=tuple(data["domains"]),
        peak_share=data["peak"]["share"],
        classes=data["peak"]["classes"],
        tiers={source: tuple(tiers) for source, tiers in data["evidence"]["tiers"].items()},
        wide=_widths(data["evidence"]["widths"]["wide"]),
        narrow=_widths(data["evidence"]["widths"]["narrow"]),
        declined=Range(*(100 * points for points in data["evidence"]["declined"])),
        thresholds=tuple(decision["thresholds"][name] for name in ("approve", "conditional", "reject")),
        coverage_percent=decision["coverage"]["percent"],
        covered_from_tier=decision["coverage"]["from_tier"],
        proven_from=decision["business_case"]["proven_from"],
        credit={status: (least, most) for status, (least, most) in data["mitigation"]["credit"].items()},
        sampling=Sampling(
            seed=sampling["seed"],
            draws=sampling["draws"],
            bins=sampling["bins"],
            slope=sampling["utility"]["slope"],
            slope_from=sampling["utility"]["from"],
        ),
        gates=tuple(_gate(gate) for gate in data["gates"]),
        digest=hashlib.sha256(table + b"\0" + numbers).hexdigest(),
    )
    for section in ("peak", "evidence", "decision", "mitigation", "sampling"):
        _demand(bool(data[section].get("judgement")), f"{section} states no judgement", "method.yaml")
    check_method(method)
    _demand(method.risk_weight == 100, "risk weights do not sum to 100", "factors.csv")
    _demand(
        sum(f.weight for f in method.opportunity_factors) == 100, "opportunity weights do not", "factors.csv"
    )
    return method


def check_method(method: Method) -> None:
    """Raises InvalidInput unless the numbers keep the promises of sections 2.3 to 2.8."""
    factors = (*method.risk_factors, *method.opportunity_factors)
    _demand(len({factor.key for factor in factors}) == len(factors), "a key is used twice", "factors")
    for factor in factors:
        _demand(factor.weight > 0, "a weight is not positive", factor.key)
        _demand(factor.klass in method.classes, "the class is unknown", factor.key)
        _demand(len(factor.anchors) == 5 and all(factor.anchors), "five anchors are needed", factor.key)
    for factor in method.risk_factors:
        _demand(factor.domain in method.domains, "the domain is unknown", factor.key)
        _demand(factor.exposure is not None, "a risk factor needs an exposure rule", factor.key)
    for widths in (method.wide, method.narrow):
        _demand(all(a >= b for a, b in pairwise(widths)), "better tiers are wider", "widths")
        _demand(widths[0] == FULL and widths[5] == 0, "tier 0 is vacuous, tier 5 a point", "widths")
    _demand(all(a >= b for a, b in zip(method.wide, method.narrow, strict=True)), "narrow is wider", "widths")
    for source, tiers in method.tiers.items():
        _demand(
            len(tiers) == 6 and all(0 <= tier <= 5 for tier in tiers), "six tiers of 0..5 are needed", source
        )
    approve, conditional, reject = method.thresholds
    _demand(0 < approve < conditional < reject <= 100, "thresholds do not rise", "thresholds")
    for klass, floor in zip("CBA", method.thresholds, strict=True):
        share = method.peak_share * method.classes[klass]
        _demand(share >= 100 * floor, f"class {klass} no longer reaches {floor} points alone", "peak")
    for gate in method.gates:
        _demand(bool(gate.citation or gate.judgement), "neither citation nor judgement", gate.key)
        _demand(bool(gate.effects), "no effect", gate.key)
    _demand(method.sampling.draws % method.sampling.bins == 0, "draws do not fill the bins", "sampling")


def _factor(row: dict[str, str], line: int) -> Factor:
    where = f"factors.csv line {line} ({row['key']})"
    return Factor(
        kind=row["kind"],
        key=row["key"],
        domain=row["domain"],
        name=row["name"],
        question=row["question"],
        derived_from=row["derived_from"],
        anchors=tuple(row[f"level_{level}"] for level in range(5)),
        weight=int(row["weight"]),
        klass=row["class"],
        exposure=None if row["exposure"] == "relevance" else parse_exposure(row["exposure"], where=where),
        exposure_text=row["exposure"],
        evidence=row["evidence"],
        references=row["references"],
    )


def _gate(data: dict[str, Any]) -> Gate:
    return Gate(
        key=data["key"],
        title=data["title"],
        effects=tuple(
            GateEffect(DECISIONS.index(one["effect"]), one.get("when", ""), one.get("production"))
            for one in data["effects"]
        ),
        starred=data.get("starred", False),
        citation=data.get("citation", ""),
        judgement=data.get("judgement", ""),
    )


def _widths(points: dict[int, int]) -> tuple[int, ...]:
    return (FULL, *(100 * points[tier] for tier in TIERS))


def _demand(holds: bool, message: str, where: str) -> None:
    if not holds:
        raise InvalidInput(
            f"The method is inconsistent: {message}.", hint="Correct its data files.", where=where
        )
