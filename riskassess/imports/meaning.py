"""What one distinct value of a column means for the entry of each row that has it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal

from riskassess.imports.fields import LABELS, SECOND, Target
from riskassess.imports.naming import models_in
from riskassess.imports.said import Said, SaidPrice, SaidRegions, Value, price_in_words, shown
from riskassess.kernel.stated import NOT_APPLICABLE, Known, NotApplicable
from riskassess.sheets.columns import MappedColumn
from riskassess.sheets.conditions import tier_behind
from riskassess.sheets.dates import StatedDate
from riskassess.sheets.makers import companies_in
from riskassess.sheets.meters import Meter
from riskassess.sheets.prices import Price
from riskassess.sheets.regions import is_region
from riskassess.sheets.results import Problem, Result, quoted, tidy
from riskassess.sheets.status import split_status

NAMES = frozenset({"name", "listed_id", "version", "channel"})
_PLACES = Decimal("1e-10")  # what the price column holds
_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)  # and what SQLite keeps of it
_LARGEST_PRICE = 10**10


@dataclass(slots=True)
class Meaning:
    """What a value means; of most of them, no more than itself."""

    value: str | Said | SaidRegions | Meter | None = None
    both: tuple[tuple[str, Said], ...] = ()  # two values of the model in one cell
    prices: tuple[tuple[str, SaidPrice], ...] = ()  # by their keys
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    stage: Said | None = None  # a release stage written with a name
    tier: str = ""  # of the prices, written with a name
    is_plain: bool = field(init=False)  # a value and nothing else

    def __post_init__(self) -> None:
        self.is_plain = self.value is not None and not (
            self.both or self.prices or self.problem or self.notes or self.stage or self.tier
        )


_NOTHING = Meaning()


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """The meanings of one column's values. Without a `target` they only stay with their rows."""

    name: str
    target: Target | None
    letters: str
    mapped: MappedColumn
    priced: bool = False  # whether the sheet has prices, which may be of a tier

    def of(self, answer: Result[object], raw: str) -> Meaning | None:
        """What a cell with this answer means; None when it neither states nor needs anything."""
        if isinstance(answer, Problem):
            return Meaning(problem=answer)
        stated, meaning = answer.stated, _NOTHING
        if self.target is None:
            pass
        elif isinstance(stated, Known):
            meaning = self._known(self.target, stated.value, raw)
        elif isinstance(stated, NotApplicable):
            meaning = self._not_applicable(self.target, raw)
        if answer.note:
            return replace(meaning, notes=(answer.note, *meaning.notes))
        return None if meaning is _NOTHING else meaning

    def _known(self, target: Target, value: object, raw: str) -> Meaning:
        if isinstance(value, Price):
            return self._prices([(target.attribute.partition(":")[0], value)], raw)
        if isinstance(value, Meter):
            return Meaning(value)
        if isinstance(value, str) and target.longest and len(value) > target.longest:
            what = f"The text has {len(value)} characters."
            return Meaning(problem=Problem(what, f"Use {target.longest} at most."))
        if target.record == "availability" and isinstance(value, tuple):
            codes = tuple(code[:80] for code in value if is_region(code))
            alone = self.name == "price_region"  # what is no region we know still tells prices apart
            return Meaning(SaidRegions(codes, self.letters, raw)) if codes or alone else _NOTHING
        if target.record == "vendor" and target.attribute != "host":
            if several := companies_in(str(value)):
                return self._several(several)
            return Meaning(_owner(value) if self.name == "base_model_owner" else str(value))
        if target.attribute in NAMES:
            return self._name(target, str(value), raw)
        if isinstance(value, tuple) and self.name in SECOND:
            halves = zip((target.attribute, SECOND[self.name].removeprefix("price_")), value, strict=True)
            stated = [(at, half) for at, half in halves if half is not None]
            if target.record == "price":
                return self._prices(stated, raw)
            return Meaning(both=tuple((at, self._said(half, raw)) for at, half in stated))
        if target.record == "price":
            return Meaning(str(value))
        said = _column_value(value, target.attribute)
        if said is None:
            return Meaning(notes=(f"{value} names no day; {LABELS[target.attribute]} needs one",))
        return Meaning(self._said(said, raw))

    def _several(self, companies: Sequence[str]) -> Meaning:
        """Of several sellers each has terms of its own; of several makers none is the one."""
        what = f"The cell names {len(companies)} companies: {', '.join(map(quoted, companies))}."
        if self.name != "vendor":
            return Meaning(notes=(f"{what} None of them is taken as the developer",))
        hint = "Give each seller a row of its own, or choose another column as Vendor."
        return Meaning(problem=Problem(what, hint))

    def _said(self, value: Value, raw: str) -> Said:
        return Said(value, self.letters, raw[:500], shown(value))

    def _name(self, target: Target, text: str, raw: str) -> Meaning:
        stage, tier = None, ""
        if target.attribute == "listed_id" and (several := models_in(text)):
            return Meaning(
                notes=(
                    f"The cell names {len(several)} ids: {', '.join(map(quoted, several))}. None is taken",
                )
            )
        if target.attribute == "name":
            if several := models_in(text):
                what = f"The cell names {len(several)} models: {', '.join(map(quoted, several))}."
                return Meaning(problem=Problem(what, "Give each a row of its own."))
            text, tier = tier_behind(text) if self.priced else (text, "")
            text, stage = split_status(text)
        value = tidy(text.replace("\n", " "))
        return Meaning(value, stage=self._said(str(stage), raw) if stage else None, tier=tier)

    def _not_applicable(self, target: Target, raw: str) -> Meaning:
        column, words = self.letters, shown(NOT_APPLICABLE)
        if target.record == "price" and self.name.endswith("_price"):
            kind, _, condition = target.attribute.partition(":")
            condition = condition and self.mapped.condition
            none = SaidPrice(None, "1M tokens", "", column, raw[:200], words, kind, condition)
            return Meaning(prices=((none.key, none),))
        if (target.record == "model" and target.attribute != "version") or target.attribute in {
            "stage",
            "retires_on",
        }:
            return Meaning(Said(NOT_APPLICABLE, column, raw[:500], words))
        return _NOTHING

    def _prices(self, stated: Sequence[tuple[str, Price]], raw: str) -> Meaning:
        """The prices of a cell, each by its kind and condition."""
        found: list[tuple[str, SaidPrice]] = []
        notes: list[str] = []
        column = self.letters
        for of, price in [(kind, one) for kind, first in stated for one in (first, *first.more)]:
            if price.amount >= _LARGEST_PRICE:
                what = f"{price.amount:f} is too large for a price."
                return Meaning(problem=Problem(what, "Check the column's unit."))
            amount = _DIGITS.plus(price.amount.quantize(_PLACES, rounding=ROUND_HALF_EVEN))
            if amount != price.amount:
                notes.append(f"{price.amount:f} kept with 10 decimal places")
            unit, currency = str(price.unit), price.currency
            words = price_in_words(amount, unit, currency)
            kind = price.kind or of
            said = SaidPrice(amount, unit, currency, column, raw[:200], words, kind, price.condition)
            found.append((said.key, said))
        return Meaning(prices=tuple(found), notes=tuple(notes))


def _column_value(value: object, attribute: str) -> Value | None:
    """A parsed value as the record's column holds it; None where the column cannot hold it."""
    if isinstance(value, StatedDate):
        if attribute != "retires_on":
            return str(value)
        return value.day
    if isinstance(value, bool | int):
        return value
    return " ".join(str(value).split())


def _owner(value: object) -> str:
    """`owner` of `owner/name`; '' where the text is not of that form."""
    owner, slash, _ = str(value).partition("/")
    return owner.strip() if slash else ""
