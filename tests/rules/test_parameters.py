"""The loader of constants refuses gaps and values nobody answers for; zones change with the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from riskassess.rules.citations import CITATIONS, read_citations
from riskassess.rules.dated import PARAMETERS, BadParameter, parameter, read_parameters
from riskassess.rules.zones import ZONES, read_zones
from tests.rules.caselist import TODAY

CHECKED = date(2026, 11, 24)


def made(values: dict[Any, Any]) -> Any:
    return parameter("X", {"description": "A test", "values": values}, checked_on=CHECKED)


OURS = {"value": 1, "judgement": "ours"}


def test_each_value_stands_until_the_next() -> None:
    one = made({date(2020, 1, 1): OURS, date(2021, 1, 1): OURS | {"value": 2}})
    assert [one.on(day).value for day in (date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))] == [
        1,
        1,
        2,
    ]
    with pytest.raises(BadParameter, match="no value on 2019-12-31"):
        one.on(date(2019, 12, 31))


def test_always_has_no_first_day() -> None:
    assert made({"always": OURS}).on(date.min).value == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "no value"),
        ({"always": {"value": 1}}, "neither a reference nor a judgement"),
        ({"always": {"value": 1, "reference": "no_such_law"}}, "not in the table"),
        ({"soon": OURS}, "neither a day"),
        ({date(2020, 1, 1): OURS | {"until": date(2020, 6, 30)}, date(2020, 7, 2): OURS}, "gap"),
        ({date(2020, 1, 1): OURS | {"until": date(2020, 6, 30)}, date(2020, 6, 30): OURS}, "two values"),
    ],
)
def test_what_must_not_be_loaded(values: dict[Any, Any], says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        made(values)


def test_an_unbroken_end_is_accepted() -> None:
    one = made({date(2020, 1, 1): OURS | {"until": date(2020, 6, 30)}, date(2020, 7, 1): OURS | {"value": 2}})
    assert one.on(date(2020, 6, 30)).value == 1
    assert one.on(date(2020, 7, 1)).value == 2


def test_a_parameter_says_when_it_was_checked() -> None:
    with pytest.raises(BadParameter, match="checked_on"):
        parameter("X", {"description": "A test", "values": {"always": OURS}})


def test_a_key_stands_once(tmp_path: Path) -> None:
    topic = tmp_path / "topic.yaml"
    topic.write_text(
        "checked_on: 2026-11-24\nparameters:\n"
        "  X: {description: A test, values: {always: {value: 1, judgement: ours}}}\n",
        encoding="utf-8",
    )
    assert read_parameters([topic]).whole("X", TODAY) == 1
    with pytest.raises(BadParameter, match="stated twice"):
        read_parameters([topic, topic])


def test_the_door_refuses_what_it_does_not_know() -> None:
    with pytest.raises(BadParameter, match="No parameter"):
        PARAMETERS.whole("nothing", TODAY)
    with pytest.raises(BadParameter, match="not a day"):
        PARAMETERS.day("critical_share", TODAY)


def test_a_citation_stands_once(tmp_path: Path) -> None:
    lines = (Path(__file__).parents[2] / "riskassess/rules/parameters/citations.csv").read_text(
        encoding="utf-8"
    )
    header, first = lines.splitlines()[:2]
    twice = tmp_path / "citations.csv"
    twice.write_text("\n".join([header, first, first]), encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_citations(twice)


def test_every_citation_has_an_address() -> None:
    assert len(CITATIONS) == 135
    assert all(citation.url.startswith("https://") for citation in CITATIONS.values())


@pytest.mark.parametrize(
    ("country", "on", "adequate"),
    [
        ("BR", date(2026, 1, 25), False),
        ("BR", date(2026, 1, 26), True),
        ("GB", date(2021, 6, 27), False),
        ("GB", date(2021, 6, 28), True),
        ("GB", date(2031, 12, 27), True),
        ("GB", date(2031, 12, 28), False),
        ("CH", date(2018, 5, 25), True),
        ("US", TODAY, False),
        ("SE", TODAY, False),
    ],
)
def test_adequacy_depends_on_the_day(country: str, on: date, adequate: bool) -> None:
    assert ZONES.contain("adequate", country, on) is adequate


def test_the_zones_nest() -> None:
    eu, eea, data_zone = (set(ZONES.members(name, TODAY)) for name in ("EU27", "EEA", "data_zone_EU"))
    assert len(eu) == 27
    assert eea - eu == {"IS", "LI", "NO"}
    assert data_zone - eea == {"CH"}
    assert not eea & set(ZONES.members("adequate", TODAY))


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ("{members: {SE: }}", "checked_on"),
        ("{checked_on: 2026-01-01, members: {SE: }}", "neither a reference nor a judgement"),
        ("{checked_on: 2026-01-01, judgement: ours, members: {SE: {since: soon}}}", "days"),
        (
            "{checked_on: 2026-01-01, judgement: ours, members: {SE: {since: 2026-02-01, until: 2026-01-31}}}",
            "before",
        ),
    ],
)
def test_zones_that_must_not_be_loaded(tmp_path: Path, zone: str, says: str) -> None:
    path = tmp_path / "zones.yaml"
    path.write_text(f"zones:\n  here: {zone}\n", encoding="utf-8")
    with pytest.raises(BadParameter, match=says):
        read_zones(path)
