"""Rows that are close to a known record, or contradict it: ana decides, row by row or for a whole spelling."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, SourcedValue, Vendor, VendorAlias
from riskassess.imports import deciding, running, services
from riskassess.imports.models import Batch, Row, Spelling
from riskassess.imports.near import near_names, near_vendors
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.builders import TODAY, make_source, make_value, make_vendor
from tests.imports.sheets import ONE, as_csv, counted, imported, outcomes, previewed
from tests.imports.test_undo import everything

LATER = date(2026, 12, 24)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def applied(batch: Batch) -> Batch:
    services.begin_applying(batch)
    running.apply(batch.pk)
    batch.refresh_from_db()
    return batch


def row(batch: Batch, number: int) -> Row:
    return Row.objects.get(batch=batch, number=number)


# --- what is close ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "known", "score"),
    [
        ("Open AI", "OpenAI", 100),
        ("Antropic", "Anthropic", 94),
        ("Mistral", "Mistral AI", 95),
        ("Cohere Inc.", "Cohere", 95),
        ("Société Générale", "Societe Generale", 100),
    ],
)
def test_spellings_of_one_vendor(said: str, known: str, score: int) -> None:
    near = near_vendors([said], {7: [known], 8: ["Somebody Else"]})[said]
    assert (near.pk, near.name, near.score) == (7, known, score)


@pytest.mark.parametrize("said", ["Google Cloud", "xAI", "Zeta", "AI", "Meta Platforms"])
def test_other_vendors(said: str) -> None:
    assert near_vendors([said], {1: ["Google"], 2: ["AWS"], 3: ["Meta"], 4: ["Beta"]}) == {}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("gpt 4o", "GPT-4o"),
        ("Claude Sonnet 3.5", "Claude 3.5 Sonnet"),
        ("Acme Swift 1", "Swift-1"),
        ("Swfit Large 2", "Swift Large 2"),
    ],
)
def test_spellings_of_one_model(said: str, known: str) -> None:
    assert near_names([said], {known: 7}, "Acme")[said].pk == 7


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("GPT-4", "GPT-5"),
        ("gpt-4o-mini", "GPT-4o"),
        ("Command R+", "Command R"),
        ("model-2024-08-06", "model-2024-05-13"),
        ("Swift pro", "Swift pre"),
    ],
)
def test_a_number_or_a_word_makes_another_model(said: str, known: str) -> None:
    assert near_names([said], {known: 7}, "Acme") == {}


# --- same or new --------------------------------------------------------------------------------------


def test_a_name_close_to_a_known_one_waits(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = previewed(
        as_csv(("Acme", "swift 1", "", "0.7", ""), ("Acme", "Fast", "", "1", "")), name="b.csv", **terms
    )
    assert outcomes(batch) == ["ask", "new"]
    asked = row(batch, 2)
    assert asked.near["name"] == "Swift-1"
    assert (asked.near["score"], asked.near["proposal"]) == (100, "same")
    assert "“swift 1” is the same letters and digits as “Swift-1”" in asked.problems[0]["what"]
    applied(batch)
    assert (batch.state, counted(batch)) == ("partly", {"read": 2, "new": 1, "asked": 1})
    assert Offering.objects.count() == 2


def test_same_updates_the_known_one_and_is_remembered(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    before = everything()
    data = as_csv(("Acme", "swift 1", "", "0.7", ""))
    batch = previewed(data, name="b.csv", on=LATER, **terms)
    deciding.decide(batch, 2, "same", by=terms["by"])
    assert outcomes(batch) == ["update"]
    assert row(batch, 2).decision["by"] == "Ana Ferreira"
    applied(batch)
    offering = Offering.objects.get()
    assert (offering.name, offering.prices.count()) == ("Swift-1", 2)
    again = imported(data, name="c.csv", on=LATER, **terms)
    assert outcomes(again) == ["unchanged"]
    for done in (again, batch):
        services.undo(done, by=terms["by"])
    assert everything() == before
    assert not Spelling.objects.exists()


def test_new_makes_another_one(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = previewed(as_csv(("Acme", "swift 1", "", "", "")), name="b.csv", **terms)
    deciding.decide(batch, 2, "new", by=terms["by"])
    applied(batch)
    assert (batch.state, Offering.objects.count()) == ("applied", 2)
    assert outcomes(imported(as_csv(("Acme", "swift 1", "", "", "")), name="c.csv", **terms)) == ["unchanged"]


def test_a_vendors_spelling_is_decided_once_for_all_its_rows(terms: dict[str, Any]) -> None:
    imported(as_csv(("OpenAI", "GPT-4o", "128000", "", "")), **terms)
    rows = [("Open AI", "GPT-4o", "", "5", ""), ("Open AI", "GPT-5", "", "7", ""), ("Zeta", "Z", "", "", "")]
    batch = previewed(as_csv(*rows), name="b.csv", **terms)
    assert outcomes(batch) == ["ask", "ask", "new"]
    deciding.decide(batch, 3, "same", by=terms["by"])
    assert outcomes(batch) == ["update", "new", "new"]
    applied(batch)
    assert sorted(Vendor.objects.values_list("name", flat=True)) == ["OpenAI", "Zeta"]
    alias = VendorAlias.objects.select_related("vendor").get()
    assert (alias.name, alias.vendor.name) == ("Open AI", "OpenAI")
    services.undo(batch, by=terms["by"])
    assert not VendorAlias.objects.exists()


def test_a_vendors_spelling_may_be_a_new_vendor_and_be_asked_again(terms: dict[str, Any]) -> None:
    make_vendor("OpenAI")
    batch = previewed(as_csv(("Open AI", "GPT-4o", "", "", "")), **terms)
    deciding.decide(batch, 2, "new", by=terms["by"])
    assert outcomes(batch) == ["new"]
    deciding.forget_spelling(batch, "Open AI", by=terms["by"])
    assert outcomes(batch) == ["ask"]


def test_all_that_differ_in_marks_alone_are_accepted_at_once(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE, ("Acme", "Steady", "", "", "")), **terms)
    rows = [("Acme", "swift 1", "", "1", ""), ("Acme", "Staedy", "", "", "")]
    batch = previewed(as_csv(*rows), name="b.csv", on=LATER, **terms)
    assert deciding.accept_proposals(batch, by=terms["by"]) == 1
    assert outcomes(batch) == ["update", "ask"]


def test_the_rest_is_applied_later_and_nothing_twice(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    before = everything()
    rows = [("Acme", "swift 1", "", "0.7", ""), ("Acme", "Fast", "", "1", ""), ("Acme", "Fast", "", "2", "")]
    batch = applied(previewed(as_csv(*rows), name="b.csv", on=LATER, **terms))
    first = everything()
    assert outcomes(batch) == ["ask", "new", "skip"]
    applied(batch)
    assert (batch.state, everything()) == ("partly", first)
    # Meanwhile somebody knows better about what is applied already: the second step leaves that alone.
    imported(
        as_csv(("Acme", "Fast", "64000", "3", "GA")), name="c.csv", on=LATER + timedelta(days=9), **terms
    )
    deciding.decide(batch, 2, "same", by=terms["by"])
    later = applied(batch)
    assert (later.state, outcomes(later)) == ("applied", ["update", "new", "skip"])
    assert AIModel.objects.get(name="Fast").context_tokens == 64_000
    assert [
        str(p.amount.normalize()) for p in Offering.objects.get(name="Swift-1").prices.order_by("pk")
    ] == ["0.5", "0.7"]
    with pytest.raises(Conflict, match=r"c\.csv"):
        services.undo(batch, by=terms["by"])
    services.undo(Batch.objects.get(file_name="c.csv"), by=terms["by"])
    services.undo(batch, by=terms["by"])
    assert everything() == before


def test_a_row_decided_anew_is_read_as_its_whole_column_is(terms: dict[str, Any]) -> None:
    """That 05/06 is the fifth of June another row shows, and a dash that it is no."""
    header = ("Provider", "Model", "Release date", "Open weights")
    rows = [("Acme", "A", "13/05/2025", "✓"), ("Acme", "B", "05/06/2025", "-")]
    batch = previewed(as_csv(*rows, header=header), **terms)
    before = row(batch, 3).changes
    assert len(before) >= 2
    deciding.decide(batch, 3, "skip", by=terms["by"])
    deciding.decide(batch, 3, "", by=terms["by"])
    assert row(batch, 3).changes == before
    deciding.decide(
        batch, 2, "skip", by=terms["by"]
    )  # left out, it shows how the others are written all the same
    deciding.decide(batch, 3, "", by=terms["by"])
    assert row(batch, 3).changes == before
    deciding.fix(batch, 3, {"B": "C"}, by=terms["by"])
    applied(batch)
    assert AIModel.objects.get().open_weights is False


def test_a_cell_that_shows_how_its_column_is_written_turns_the_other_rows_too(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Release date")
    rows = [("Acme", "A", "05/07/2025"), ("Acme", "B", "05/06/2025")]
    batch = previewed(as_csv(*rows, header=header), **terms)
    before = row(batch, 3)
    deciding.fix(batch, 2, {"C": "13/07/2025"}, by=terms["by"])
    after = row(batch, 3)
    assert (before.outcome, before.changes, before.problems) != (after.outcome, after.changes, after.problems)


def test_a_row_can_be_left_out_and_taken_in_again(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, ONE), **terms)
    assert outcomes(batch) == ["new", "skip"]
    deciding.decide(batch, 2, "skip", by=terms["by"])
    assert outcomes(batch) == ["skip", "new"]  # the repeated row speaks for the model now
    assert row(batch, 2).problems[0]["what"] == "Left out by Ana Ferreira."
    deciding.decide(batch, 2, "", by=terms["by"])
    assert outcomes(batch) == ["new", "skip"]
    assert batch.counts["new"] == 1


def test_who_may_decide_and_when(terms: dict[str, Any], ben: User) -> None:
    imported(as_csv(ONE), **terms)
    batch = previewed(as_csv(("Acme", "swift 1", "", "", ""), ONE), name="b.csv", **terms)
    with pytest.raises(NotAllowed):
        deciding.decide(batch, 2, "same", by=ben)
    with pytest.raises(InvalidInput, match="no known record"):
        deciding.decide(batch, 3, "same", by=terms["by"])
    with pytest.raises(InvalidInput, match="no row 9"):
        deciding.decide(batch, 9, "skip", by=terms["by"])
    applied(batch)
    with pytest.raises(Conflict, match="applied already"):
        deciding.decide(batch, 3, "skip", by=terms["by"])
    services.begin_applying(batch)
    with pytest.raises(Conflict, match="cannot be decided now"):
        deciding.decide(batch, 2, "same", by=terms["by"])


# --- keep or take ---------------------------------------------------------------------------------------


def test_two_lists_that_disagree_come_to_rest(terms: dict[str, Any]) -> None:
    lists = {
        "a.csv": as_csv(("Acme", "Swift-1", "128000", "0.5", "GA")),
        "b.csv": as_csv(("Acme", "Swift-1", "200000", "0.7", "preview")),
    }
    for name, data in lists.items():
        imported(data, name=name, **terms)
    rested = everything()
    for name, data in [*lists.items(), *reversed(lists.items()), *lists.items()]:
        assert outcomes(imported(data, name=name, **terms)) == ["unchanged"]
        assert everything() == rested
    model = AIModel.objects.get()
    assert model.context_tokens == 128_000  # who spoke first
    assert SourcedValue.objects.of(model).filter(attribute="context_tokens")[0].value == 128_000


def test_a_conflict_shows_both_values_and_their_sources(terms: dict[str, Any]) -> None:
    first = imported(as_csv(ONE), **terms)
    batch = previewed(as_csv(("Acme", "Swift-1", "200000", "", "")), name="b.csv", **terms)
    assert (outcomes(batch), batch.counts["conflicts"]) == (["conflict"], 1)
    (said,) = row(batch, 2).conflicts.items()
    assert said == (
        "context_tokens",
        {"cell": "C2", "old": "128,000", "new": "200,000", "source": first.source_id, "on": TODAY.isoformat(),
         "why": "the current value is of the same day"},
    )  # fmt: skip


def test_keep_is_what_happens_unless_ana_takes_the_new_value(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    before = everything()
    batch = previewed(as_csv(("Acme", "Swift-1", "200000", "", "preview")), name="b.csv", **terms)
    deciding.choose(batch, 2, "context_tokens", take=True, by=terms["by"])
    deciding.choose(batch, 2, "stage", take=True, by=terms["by"])
    deciding.choose(batch, 2, "stage", take=False, by=terms["by"])
    applied(batch)
    model, offering = AIModel.objects.get(), Offering.objects.get()
    assert (model.context_tokens, offering.stage) == (200_000, "ga")
    current = SourcedValue.objects.of(model).filter(attribute="context_tokens")[0]
    assert (current.value, current.preferred, current.note) == (200_000, True, "chosen by Ana Ferreira")
    for name, data in (
        ("a.csv", as_csv(ONE)),
        ("b.csv", as_csv(("Acme", "Swift-1", "200000", "", "preview"))),
    ):
        imported(data, name=name, **terms)
        model.refresh_from_db()
        assert model.context_tokens == 200_000
    for done in Batch.objects.filter(pk__gte=batch.pk).order_by("-pk"):
        services.undo(done, by=terms["by"])
    assert everything() == before


def test_ana_may_take_a_value_over_the_vendors_own(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    model = AIModel.objects.get()
    make_value(model, "context_tokens", 128_000, first_party=True, source=make_source(), as_of=TODAY)
    batch = previewed(as_csv(("Acme", "Swift-1", "200000", "", "")), name="b.csv", on=LATER, **terms)
    assert row(batch, 2).conflicts["context_tokens"]["why"] == "the current value is first-party"
    deciding.choose(batch, 2, "context_tokens", take=True, by=terms["by"])
    applied(batch)
    assert SourcedValue.objects.of(model).first().value == 200_000  # type: ignore[union-attr]
    with pytest.raises(InvalidInput, match="says nothing against"):
        deciding.choose(previewed(as_csv(ONE), **terms), 2, "stage", take=True, by=terms["by"])


# --- cells put right --------------------------------------------------------------------------------------


def test_a_bad_cell_is_put_right_in_the_preview(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, ("Acme", "Swift-2", "", "-3", "")), **terms)
    deciding.fix(batch, 3, {"D": "3", "C": "64k"}, by=terms["by"])
    fixed = row(batch, 3)
    assert (fixed.outcome, fixed.raw[3]) == ("new", "-3")  # as it came
    assert (fixed.fixes["3"]["value"], fixed.fixes["3"]["by"]) == ("3", "Ana Ferreira")
    applied(batch)
    assert AIModel.objects.get(name="Swift-2").context_tokens == 64_000
    assert batch.counts["new"] == 2


def test_a_row_left_behind_is_put_right_and_applied_later(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE, ("Acme", "Swift-2", "", "-3", "")), **terms)
    first = everything()
    deciding.fix(batch, 3, {"D": "3"}, by=terms["by"])
    assert (outcomes(batch), everything()) == (["new", "new"], first)
    applied(batch)
    assert Offering.objects.count() == 2
    assert row(batch, 2).applied_at < row(batch, 3).applied_at


def test_fixes_and_decisions_outlive_columns_read_anew(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, ("Acme", "Swift-2", "", "-3", "")), **terms)
    deciding.fix(batch, 3, {"D": "3"}, by=terms["by"])
    deciding.decide(batch, 2, "skip", by=terms["by"])
    services.settle_columns(batch, {"C": ""}, by=terms["by"])
    running.preview(batch.pk)
    assert outcomes(batch) == ["skip", "new"]


def test_a_cell_put_back_is_as_it_came(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(("Acme", "Swift-2", "", "-3", ""), ONE), **terms)
    deciding.fix(batch, 2, {"D": "3"}, by=terms["by"])
    deciding.fix(batch, 2, {"D": "-3"}, by=terms["by"])
    assert (row(batch, 2).fixes, outcomes(batch)) == (None, ["invalid", "new"])
    with pytest.raises(InvalidInput, match="no column Z"):
        deciding.fix(batch, 2, {"Z": "3"}, by=terms["by"])
