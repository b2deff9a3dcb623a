"""From a run's record: its controls, and the risk without them, as they stand, and once all are verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from riskassess.assessments.controlled import VIEWS
from riskassess.reports.figures import day, number, points, span
from riskassess.reports.legal import word
from riskassess.reports.lines import interval
from riskassess.reports.shape import ControlLine, ViewLine
from riskassess.scoring.controls import taken
from riskassess.scoring.inputs import Mitigation
from riskassess.scoring.method import Method
from riskassess.scoring.mitigation import credit

Record = Mapping[str, Any]


def views(record: Record, method: Method) -> tuple[ViewLine, ...]:
    """Inherent, current and target; none where no control is stated, since they are then the same."""
    if "views" not in record:
        return ()
    current = {**record, "shown": record["shown"]["risk"]}
    seen = {**record["views"], "current": current}
    return tuple(
        ViewLine(
            _(name),
            _(meaning),
            interval(
                seen[key]["risk"],
                record["denominator"],
                seen[key]["shown"],
                seen[key]["bands"],
                _(name),
                method,
            ),
            word(seen[key]["decision_without_gates"]),
        )
        for key, name, meaning in VIEWS
    )


def controls(record: Record, method: Method) -> tuple[ControlLine, ...]:
    """The controls that went in, in the order of the record."""
    names = {one["key"]: one["name"] for one in record["factors"]}
    return tuple(_line(one, record, names, method) for one in stated_controls(record))


def stated_controls(record: Record) -> Sequence[Record]:
    """The controls as they went in; none in a record from before there were any."""
    found: Sequence[Record] = record["inputs"].get("mitigations", ())
    return found


def mitigations(stated: Iterable[Record]) -> tuple[Mitigation, ...]:
    """Controls of a record as the method takes them."""
    return tuple(
        Mitigation(one["key"], tuple(one["factors"]), one["effectiveness"], one["status"]) for one in stated
    )


def _line(stated: Record, record: Record, names: Mapping[str, str], method: Method) -> ControlLine:
    counted = credit(method, *mitigations([stated]))
    off, denominator = record["mitigations"][stated["key"]], record["denominator"]
    return ControlLine(
        key=stated["key"],
        anchor=f"control-{stated['key']}",
        title=stated["title"],
        factors=tuple((key, names.get(key, key)) for key in stated["factors"]),
        effectiveness=stated["effectiveness"],
        credit=(counted.low, counted.high),
        counted=f"{span(points(counted.low), points(counted.high))} %",
        because=stated["because"],
        status=stated["status"].capitalize(),
        evidence=stated["evidence"],
        owner=stated["owner"],
        due_on=day(stated["due_on"]),
        now=_off(off["now"], denominator),
        verified=_off(off["verified"], denominator),
        now_ends=(off["now"][0], off["now"][1]),
        verified_ends=(off["verified"][0], off["verified"][1]),
    )


def _off(pair: Sequence[int], denominator: int) -> tuple[str, str]:
    return number(taken(pair[0], denominator)), number(taken(pair[1], denominator))
