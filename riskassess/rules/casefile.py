"""One case as plain data: facts, or facts with the day they are judged on. Documented for writers of cases
in docs/judge-and-compute.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from riskassess.kernel.errors import InvalidInput
from riskassess.rules.engine import judge
from riskassess.rules.facts import Facts
from riskassess.rules.verdict import Verdict

CASE_KEYS = ("name", "on", "facts")


def judge_case(case: object, on: date | None = None) -> Verdict:
    """The verdict on one case: plain facts, or {"facts": {…}, "on": "2026-11-24", "name": "…"}.

    The case's own day wins over `on`. Raises InvalidInput naming the fact, what is wrong and what is allowed.
    """
    if not isinstance(case, Mapping):
        raise InvalidInput(
            f"A case is a table of facts, not {_shown(case)}.", hint="Write name: value for each fact."
        )
    facts, day = (case["facts"], _own_day(case, on)) if "facts" in case else (case, on)
    if not isinstance(facts, Mapping):
        raise InvalidInput(
            f"“facts” is not a table but {_shown(facts)}.", hint="Write name: value for each.", where="facts"
        )
    if day is None:
        raise InvalidInput(
            "No day to judge on is given.",
            hint="Say --on 2026-11-24, or put “on” beside “facts”.",
            where="on",
        )
    return judge(Facts.from_mapping(facts), on=day)


def as_day(value: object, where: str = "on") -> date:
    """A date, or text such as 2026-11-24. Raises InvalidInput."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidInput(f"{value!r} is not a day.", hint="Write it as 2026-11-24.", where=where)


def _own_day(case: Mapping[Any, Any], on: date | None) -> date | None:
    if unknown := sorted(str(key) for key in case if key not in CASE_KEYS):
        raise InvalidInput(
            f"{', '.join(unknown)} does not belong beside “facts”.", hint=f"Allowed: {', '.join(CASE_KEYS)}."
        )
    return on if case.get("on") is None else as_day(case["on"])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
