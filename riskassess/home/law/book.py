"""The rulebook as of a day: every rule with its law, its numbers, the facts it reads, and what is old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from riskassess import marks
from riskassess.assessments.judgement import REGIME_FACTOR
from riskassess.assessments.scoring import current_method
from riskassess.catalog.fields import country_name
from riskassess.home.law.parts import (
    CitationPart,
    ConstantPart,
    FactorRef,
    FactPart,
    GatePart,
    Lawbook,
    QuestionPart,
    RegimePart,
    RulePart,
    ValuePart,
    VersionPart,
    ZoneMember,
    ZonePart,
)
from riskassess.home.law.reads import SEVERITY, SIZE, Reads, reads_of
from riskassess.kernel.source import Citation
from riskassess.rules.citations import CITATIONS
from riskassess.rules.dated import Entry
from riskassess.rules.facts import FACTS
from riskassess.rules.rule import BOTH, CUSTOMER, NOBODY, VENDOR, Regime, Rule
from riskassess.rules.rulebook import RULEBOOK

SUBJECTS = {
    VENDOR: "the vendor",
    CUSTOMER: "us, the customer",
    BOTH: "the vendor and us",
    NOBODY: "nobody: the regime is not engaged",
}
WHO_ANSWERS = {VENDOR: "the vendor", CUSTOMER: "we", BOTH: "the vendor or we"}
VALIDATORS = "checks"
CHECKS_TITLE = "Checks of the data"
ZONE_NAMES = {
    "EU27": "EU",
    "adequate": "adequate countries",
    "data_zone_EU": "EU data zone",
    "data_zone_US": "US data zone",
}

RELEASE_DAY = date.fromisoformat(RULEBOOK.release)


@lru_cache(maxsize=8)
def lawbook(on: date) -> Lawbook:
    """All rules as they stand on the day. No query; the same object for the same day."""
    return _Builder(on).book()


class _Builder:
    """Builds the parts for one day; the day alone decides what is in force and what is old."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.stale_after = RULEBOOK.parameters.whole("stale_after_days", on)
        self.citations = {key: self._citation(one) for key, one in CITATIONS.items()}
        self.zones = {name: self._zone(name) for name in RULEBOOK.zones.by_name}

    def book(self) -> Lawbook:
        regimes = [self._regime(regime) for regime in RULEBOOK.regimes]
        return Lawbook(
            on=self.on,
            release=RULEBOOK.release,
            stale_after=self.stale_after,
            regimes=(*regimes, self._validators()),
            zones=tuple(self.zones.values()),
            citations=tuple(self.citations.values()),
        )

    def is_old(self, checked_on: date | None) -> bool:
        """Checked longer ago than the catalogue allows; the last allowed day is still good."""
        return checked_on is not None and checked_on + timedelta(days=self.stale_after) < self.on

    # -- regimes and rules -------------------------------------------------------------------------

    def _regime(self, regime: Regime) -> RegimePart:
        factor = current_method().factor(REGIME_FACTOR[regime.key])
        return RegimePart(
            key=regime.key,
            title=regime.title,
            authority=regime.authority,
            factor=FactorRef(factor.key, factor.name),
            scope=_facts(reads_of(regime.scope, self.on, RULEBOOK).facts),
            rules=tuple(self._rule(rule_id, regime.versions(rule_id), regime) for rule_id in regime.ids()),
        )

    def _validators(self) -> RegimePart:
        ids = tuple(dict.fromkeys(rule.id for rule in RULEBOOK.validators))
        return RegimePart(
            key=VALIDATORS,
            title=CHECKS_TITLE,
            authority="Ours: what is wrong with the data itself, or may not be bought this way at all",
            factor=None,
            scope=(),
            rules=tuple(
                self._rule(rule_id, tuple(rule for rule in RULEBOOK.validators if rule.id == rule_id), None)
                for rule_id in ids
            ),
        )

    def _rule(self, rule_id: str, rules: tuple[Rule, ...], regime: Regime | None) -> RulePart:
        versions = tuple(self._version(rule) for rule in rules)
        rule, current = rules[-1], RULEBOOK.rule(rule_id, self.on)
        read = {fact.name for version in versions for fact in version.facts}
        return RulePart(
            id=rule_id,
            regime=regime.key if regime else VALIDATORS,
            regime_title=regime.title if regime else CHECKS_TITLE,
            subject=SUBJECTS[rule.subject],
            versions=versions,
            current=versions[rules.index(current)],
            gate=GatePart(rule.gate, current_method().gate(rule.gate).title) if rule.gate else None,
            sets_scope=rule.sets_scope,
            lifts_regime=rule.lifts_regime,
            hint=rule.hint,
            questions=_questions(regime, read) if regime else (),
            old=_old(versions),
        )

    def _version(self, rule: Rule) -> VersionPart:
        in_force = rule.in_force(self.on)
        day = self.on if in_force else (rule.until or rule.since or self.on)
        reads = reads_of(rule.apply, day, RULEBOOK)
        return VersionPart(
            sentence=rule.sentence,
            reason=rule.reason,
            since=rule.since,
            until=rule.until,
            in_force=in_force,
            judgement=rule.judgement,
            citations=tuple(self.citations[one.key] for one in rule.citations),
            constants=self._constants(rule, reads),
            facts=_facts(reads.facts),
            zones=tuple(self.zones[name] for name in reads.zones),
            severities=_severities(reads, day),
        )

    # -- constants ---------------------------------------------------------------------------------

    def _constants(self, rule: Rule, reads: Reads) -> tuple[ConstantPart, ...]:
        kinds = dict(reads.constants) | ({"regime.lift": SIZE} if rule.lifts_regime else {})
        return tuple(self._constant(key, kind) for key, kind in kinds.items())

    def _constant(self, key: str, kind: str) -> ConstantPart:
        parameter = RULEBOOK.parameters.by_key[key]
        return ConstantPart(
            key=key,
            kind=kind,
            description=parameter.description,
            values=tuple(self._value(entry) for entry in parameter.entries),
            checked_on=parameter.checked_on,
            stale=self.is_old(parameter.checked_on),
        )

    def _value(self, entry: Entry) -> ValuePart:
        value = entry.value
        return ValuePart(
            text=marks.day(value) if isinstance(value, date) else str(value),
            since=None if entry.since == date.min else entry.since,
            until=entry.until,
            fixed=entry.fixed,
            reference=self.citations.get(entry.reference),
            judgement=entry.judgement,
        )

    # -- law and places ----------------------------------------------------------------------------

    def _citation(self, citation: Citation) -> CitationPart:
        return CitationPart(
            key=citation.key,
            short=citation.short,
            title=citation.title,
            says=citation.says,
            url=citation.url if citation.url.startswith(("https://", "http://")) else "",
            mark=citation.mark,
            checked_on=citation.checked_on,
            in_force_from=citation.in_force_from,
            stale=self.is_old(citation.checked_on),
        )

    def _zone(self, name: str) -> ZonePart:
        note, members = RULEBOOK.zones.notes[name], RULEBOOK.zones.by_name[name]
        dated = {
            code: one
            for code, one in members.items()
            if one.since or one.until or one.judgement or one.reference != note.reference
        }
        return ZonePart(
            name=ZONE_NAMES.get(name, name.replace("_", " ")),
            members=tuple(country_name(code) for code in RULEBOOK.zones.members(name, self.on)),
            dated=tuple(
                ZoneMember(
                    country_name(code), one.since, one.until,
                    self.citations.get(one.reference), one.judgement,
                )
                for code, one in dated.items()
            ),
            reference=self.citations.get(note.reference),
            judgement=note.judgement,
            checked_on=note.checked_on,
            stale=self.is_old(note.checked_on),
        )  # fmt: skip


def _severities(reads: Reads, day: date) -> tuple[int, ...]:
    """The levels the row itself may start from on the day, before its steps."""
    keys = [key for key, kind in reads.constants.items() if kind == SEVERITY]
    return tuple(sorted({RULEBOOK.parameters.level(key, day).value for key in keys}))


def _facts(names: Iterable[str]) -> tuple[FactPart, ...]:
    return tuple(_fact(name) for name in names)


def _fact(name: str) -> FactPart:
    spec = FACTS[name]
    return FactPart(name, spec.question, spec.help, WHO_ANSWERS[spec.subject])


def _questions(regime: Regime, read: set[str]) -> tuple[QuestionPart, ...]:
    """The regime's questions that settle a fact the rule reads."""
    return tuple(
        QuestionPart(one.text, one.proof, _facts(name for name in one.facts if name in read))
        for one in regime.questions
        if read & set(one.facts)
    )


def _old(versions: tuple[VersionPart, ...]) -> tuple[str, ...]:
    """What stands behind the rule and was last looked at too long ago, with the day."""
    citations = {one.short: one.checked_on for v in versions for one in v.citations if one.stale}
    constants = {one.key: one.checked_on for v in versions for one in v.constants if one.stale}
    zones = {one.name: one.checked_on for v in versions for one in v.zones if one.stale}
    dated = {**citations, **constants, **zones}
    return tuple(f"{what}, checked {marks.day(day)}" for what, day in dated.items() if day)
