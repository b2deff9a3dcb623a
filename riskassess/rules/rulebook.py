"""The rules of all regimes in one explicit order, with the constants they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from riskassess.rules import eu_ai_act, eu_dora, eu_residency, uk_cma, us_fda, us_ftc, us_hipaa
from riskassess.rules.dated import PARAMETERS, Parameters
from riskassess.rules.rule import Regime, Rule
from riskassess.rules.validators import VALIDATORS
from riskassess.rules.zones import ZONES, Zones


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One release of the rules; the day in its name is the day the law in it was last looked at."""

    release: str
    regimes: tuple[Regime, ...]
    validators: tuple[Rule, ...]
    parameters: Parameters
    zones: Zones

    def __iter__(self) -> Iterator[Rule]:
        """Every rule of every regime, then the validators."""
        for regime in self.regimes:
            yield from regime.rules
        yield from self.validators

    def regime(self, key: str) -> Regime:
        return next(regime for regime in self.regimes if regime.key == key)

    def rule(self, rule_id: str, on: date | None = None) -> Rule:
        """The rule as in force `on` a day; without a day its latest version. Raises KeyError."""
        versions = [rule for rule in self if rule.id == rule_id]
        if not versions:
            raise KeyError(rule_id)
        in_force = [rule for rule in versions if on is None or rule.in_force(on)]
        return (in_force or versions)[-1]

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates some rule speaks of, in the order of their numbers."""
        named = {rule.gate for rule in self if rule.gate}
        return tuple(sorted(named, key=lambda gate: (int(gate.strip("GC")), gate)))


RULEBOOK = Rulebook(
    release="2026-11-24",
    regimes=(
        us_fda.REGIME,
        us_ftc.REGIME,
        uk_cma.REGIME,
        eu_residency.REGIME,
        eu_ai_act.REGIME,
        us_hipaa.REGIME,
        eu_dora.REGIME,
    ),
    validators=VALIDATORS,
    parameters=PARAMETERS,
    zones=ZONES,
)
