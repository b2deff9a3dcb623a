"""The rulebook keeps its promises: order, law, sentences, facts, and no look at the clock."""

from __future__ import annotations

import csv
import inspect
import itertools
import re
from datetime import date
from types import ModuleType

import pytest

import riskassess.rules
from riskassess.rules import eu_ai_act, eu_dora, eu_residency, uk_cma, us_fda, us_ftc, us_hipaa
from riskassess.rules.citations import CITATIONS, CITATIONS_CSV
from riskassess.rules.dated import PARAMETERS
from riskassess.rules.facts import FACTS, Facts, Kind
from riskassess.rules.holds import FALSE
from riskassess.rules.reading import Reading
from riskassess.rules.rule import Rule, Ruling, rule
from riskassess.rules.rulebook import RULEBOOK
from tests.rules.caselist import BACKGROUND, CASES, REGIMES, TODAY

MODULES = (us_fda, us_ftc, uk_cma, eu_residency, eu_ai_act, us_hipaa, eu_dora)
SOURCES = sorted((CASES.parents[2] / "riskassess" / "rules").glob("*.py"))
NAMES_ONLY = {"host", "infra_operator", "model_operator", "contracting_entity"}


def test_the_order_is_the_catalogue_s() -> None:
    assert [regime.key for regime in RULEBOOK.regimes] == list(REGIMES)
    counts = {
        "us_fda": 8,
        "us_ftc": 8,
        "uk_cma": 7,
        "eu_residency": 10,
        "eu_ai_act": 7,
        "us_hipaa": 5,
        "eu_dora": 6,
    }
    assert {regime.key: len(regime.ids()) for regime in RULEBOOK.regimes} == counts
    for regime in RULEBOOK.regimes:
        numbers = [int(rule_id[3:]) for rule_id in regime.ids()]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.REGIME.key)
def test_no_rule_of_a_module_is_left_out(module: ModuleType) -> None:
    written = [value for value in vars(module).values() if isinstance(value, Rule)]
    assert list(module.REGIME.rules) == written


@pytest.mark.parametrize("one", list(RULEBOOK), ids=lambda one: f"{one.id}-{one.since}")
def test_every_rule_says_what_and_on_whose_word(one: Rule) -> None:
    assert one.sentence.endswith(".")
    assert one.sentence[0].isupper()
    assert one.citations or one.judgement
    assert all(CITATIONS[citation.key] is citation for citation in one.citations)


def test_every_citation_is_used_by_the_rules_it_names() -> None:
    cited = {
        (one.id, citation.key)
        for regime in RULEBOOK.regimes
        for one in regime.rules
        for citation in one.citations
    }
    with CITATIONS_CSV.open(encoding="utf-8", newline="") as lines:
        named = {(used, row["key"]) for row in csv.DictReader(lines) for used in row["used_by"].split(";")}
    assert named <= cited
    assert cited - named == {("FDA2", "fda_cds_guidance_2022")}, (
        "the superseded version cites what it rested on"
    )


def test_a_rule_without_law_or_judgement_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a citation"):
        rule("XXX1", subject="V")
    with pytest.raises(ValueError, match="not in the table"):
        rule("XXX1", subject="V", cites=["no_such_law"])
    with pytest.raises(ValueError, match="no sentence"):
        rule("XXX1", subject="V", judgement="ours")(lambda x: Ruling(FALSE))


def test_versions_of_a_rule_leave_no_gap_and_do_not_overlap() -> None:
    for regime in RULEBOOK.regimes:
        for rule_id in regime.ids():
            versions = regime.versions(rule_id)
            for earlier, later in itertools.pairwise(versions):
                assert earlier.until is not None
                assert later.since is not None
                assert (later.since - earlier.until).days == 1
    assert RULEBOOK.rule("FDA2", on=date(2026, 1, 5)) is not RULEBOOK.rule("FDA2", on=date(2026, 1, 6))
    assert RULEBOOK.rule("FDA2") is RULEBOOK.rule("FDA2", on=TODAY)
    with pytest.raises(KeyError):
        RULEBOOK.rule("FDA99")


def test_facts_say_which_regimes_read_them_and_no_rule_reads_another() -> None:
    """Every fact a rule reads is in the vocabulary, and every fact of the vocabulary is read."""
    nothing = Facts.from_mapping({})
    reads: dict[str, set[str]] = {fact: set() for fact in FACTS}
    for regime in RULEBOOK.regimes:
        for one in regime.rules:
            reading = Reading(nothing, one.since or one.until or TODAY, RULEBOOK.parameters, RULEBOOK.zones)
            one.apply(reading)
            regime.scope(reading)
            for fact in reading.seen:
                reads[fact].add(regime.key)
    assert {fact: set(spec.regimes) for fact, spec in FACTS.items()} == reads
    for one in RULEBOOK.validators:
        reading = Reading(nothing, TODAY, RULEBOOK.parameters, RULEBOOK.zones)
        one.apply(reading)
        for fact in reading.seen:
            reads[fact].add("validators")
    assert {fact for fact, readers in reads.items() if not readers} == NAMES_ONLY


def test_the_vocabulary_is_the_background_s() -> None:
    assert set(FACTS) == set(BACKGROUND)


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_can_be_asked(fact: str) -> None:
    spec = FACTS[fact]
    assert spec.question.endswith("?") or spec.question.endswith(").") or spec.question.endswith("?)")
    assert spec.help.endswith(".")
    assert spec.subject in ("V", "C", "B")
    assert bool(spec.choices) == (spec.kind in (Kind.ENUM, Kind.LIST))
    assert bool(spec.members) == spec.kind.is_records
    assert (spec.maximum is not None) == (spec.kind is Kind.NUMBER)


def test_every_regime_asks_questions_about_facts_it_reads() -> None:
    for regime in RULEBOOK.regimes:
        assert len(regime.questions) >= 5
        for question in regime.questions:
            assert question.text.endswith("?")
            readers = {name for fact in question.facts for name in FACTS[fact].regimes}
            assert regime.key in readers, question.key


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_rule_reads_the_clock(source: object) -> None:
    text = source.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"\b(today|now|utcnow|localtime|time\.time)\s*\(", text)
    assert "import time" not in text


def test_the_days_in_parameters_are_those_of_their_citations() -> None:
    other_day = {"ai_act.gpai_old"}  # Article 111(3) names a later day than its own entry into force
    for key, parameter in PARAMETERS.by_key.items():
        for entry in parameter.entries:
            if isinstance(entry.value, date) and key not in other_day:
                assert entry.value == CITATIONS[entry.reference].in_force_from, key


def test_no_severity_hides_in_the_code() -> None:
    """Rules read their numbers from parameters; the source of a rule holds none."""
    for module in MODULES:
        source = inspect.getsource(module)
        code = re.sub(r'""".*?"""|"[^"\n]*"|date\([^)]*\)|import .*|#.*', "", source, flags=re.DOTALL)
        assert not re.findall(r"(?<![\w.])\d+(?!\w)", code), module.__name__


def test_every_parameter_is_read() -> None:
    text = "".join(source.read_text(encoding="utf-8") for source in SOURCES)
    for key in PARAMETERS.by_key:
        assert f'"{key}"' in text, key


def test_files_stay_short() -> None:
    assert riskassess.rules.__doc__
    assert all(len(source.read_text(encoding="utf-8").splitlines()) <= 400 for source in SOURCES)
