"""What a vendor typed -> an answer: capped, cleaned, of the question's kind. Everything typed passes here.

It comes from somebody without an account, by a form or a workbook, so nothing of it is trusted: neither its
length, nor its characters, nor that a choice is one of those that were offered.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pycountry

from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.models import TEXT_LENGTH, InquiryQuestion, VendorAnswer
from riskassess.rules.facts import FACTS
from riskassess.rules.parsing import MISTAKEN_CODES, parse

MOST_COUNTRIES = 250
LONGEST_NUMBER = 30
# No control characters but tab and line feed, no half of a character pair, nothing that turns writing around.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
YES_NO = (("true", "Yes"), ("false", "No"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer on its way in. An empty state takes back what was said."""

    state: str = ""
    value: Any = None
    note: str = ""


def read(question: InquiryQuestion, state: str, raw: str | Sequence[str], note: str = "") -> Entry:
    """The answer that was typed: `state` known, unknown, declined, or empty to take it back; `raw` its value.

    Values are texts: `true` or `false`, a choice's value, a number, a day as YYYY-MM-DD, country codes. Raises
    InvalidInput that names the question's position and what it takes, and for a note without an answer.
    """
    where = f"Question {question.position}"
    note = cleaned(note, where)
    if state in {"unknown", "declined"}:
        return Entry(state, None, note)
    if state == "":
        return _nothing(note, where)
    if state != "known":
        raise InvalidInput("That is no answer.", hint="Choose one of those on the page.", where=where)
    texts = [cleaned(one, where).strip() for one in ([raw] if isinstance(raw, str) else raw)]
    texts = [one for one in texts if one]
    if not texts:
        return _nothing(note, where)
    value = _READERS[question.kind](question, texts, where)
    _allowed(question, value, where)
    return Entry("known", value, note)


def _nothing(note: str, where: str) -> Entry:
    """No answer: what was said is taken back. A note would be lost with it, so it is refused alone."""
    if note.strip():
        raise InvalidInput(
            "There is a note and no answer.",
            hint="Answer, or say that you do not know: the note is kept with that.",
            where=where,
        )
    return Entry()


def version_of(one: Entry | VendorAnswer | None) -> str:
    """Stands for what is said: another one where an answer or its note is another, of the same words always the same.

    Blanks in a note do not count: a field of one line drops line breaks.
    """
    said = [str(one.state), one.value, "".join(one.note.split())] if one else ["", None, ""]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def cleaned(text: str, where: str) -> str:
    """The text without what cannot be shown. Raises InvalidInput for one that is too long to keep."""
    text = _UNWANTED.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > TEXT_LENGTH:
        raise InvalidInput(
            f"That is {len(text):,} characters; {TEXT_LENGTH:,} can be kept.",
            hint="Say it shorter, or name the document that says it.",
            where=where,
        )
    return text


def _bool(question: InquiryQuestion, texts: list[str], where: str) -> bool:
    return {"true": True, "false": False}[_choice(texts[0], YES_NO, where)]


def _one(question: InquiryQuestion, texts: list[str], where: str) -> str:
    return _choice(texts[0], question.choices, where)


def _many(question: InquiryQuestion, texts: list[str], where: str) -> list[str]:
    chosen = {_choice(one, question.choices, where) for one in texts}
    return [value for value, _ in question.choices if value in chosen]


def _choice(text: str, choices: Sequence[Sequence[str]], where: str) -> str:
    if text not in [value for value, _ in choices]:
        raise InvalidInput("That is none of the answers.", hint="Choose one of them.", where=where)
    return text


def _number(question: InquiryQuestion, texts: list[str], where: str) -> int | float:
    try:
        number = Decimal(texts[0].replace(",", ".")) if len(texts[0]) <= LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise InvalidInput(f"“{texts[0][:40]}” is no number.", hint="Such as 0.25.", where=where)
    return int(number) if number == int(number) else float(number)


def _date(question: InquiryQuestion, texts: list[str], where: str) -> str:
    try:
        return date.fromisoformat(texts[0]).isoformat()
    except ValueError as error:
        raise InvalidInput(
            f"“{texts[0][:40]}” is no day.", hint="Write it as 2026-11-24.", where=where
        ) from error


def _text(question: InquiryQuestion, texts: list[str], where: str) -> str:
    return cleaned("\n".join(texts), where)


def _country(question: InquiryQuestion, texts: list[str], where: str) -> str:
    code = _code(texts[0], where)
    parse(FACTS["ultimate_parent_country"], code, where=where)
    return code


def _countries(question: InquiryQuestion, texts: list[str], where: str) -> list[str]:
    parts = [part for text in texts for part in re.split(r"[,;\n]", text) if part.strip()]
    if not parts:
        raise InvalidInput(
            f"“{' '.join(texts)[:40]}” names no country.",
            hint="Name them, or write ANY for anywhere.",
            where=where,
        )
    if len(parts) > MOST_COUNTRIES:
        raise InvalidInput("There are not so many countries.", hint="Write ANY for anywhere.", where=where)
    codes = list(dict.fromkeys(_code(part, where) for part in parts))
    parse(FACTS["at_rest_countries"], codes, where=where)
    return codes


def _code(text: str, where: str) -> str:
    """The two letters of a country that is named by them, or in English."""
    text = text.strip()
    code = MISTAKEN_CODES.get(text.upper(), text.upper())
    if len(code) > 3:
        try:
            return str(pycountry.countries.lookup(text).alpha_2)
        except LookupError as error:
            raise InvalidInput(
                f"“{text[:40]}” is no country we know.", hint="Use its two letters, such as DE.", where=where
            ) from error
    return code


def _allowed(question: InquiryQuestion, value: Any, where: str) -> None:
    """Raises InvalidInput for a value that the fact it answers does not allow, such as a share of 3."""
    if question.key in FACTS and not question.levels:
        parse(FACTS[question.key], value, where=where)


_READERS: dict[str, Callable[[InquiryQuestion, list[str], str], Any]] = {
    InquiryQuestion.Kind.BOOL: _bool,
    InquiryQuestion.Kind.ONE: _one,
    InquiryQuestion.Kind.MANY: _many,
    InquiryQuestion.Kind.NUMBER: _number,
    InquiryQuestion.Kind.DATE: _date,
    InquiryQuestion.Kind.TEXT: _text,
    InquiryQuestion.Kind.COUNTRY: _country,
    InquiryQuestion.Kind.COUNTRIES: _countries,
}


def said(question: InquiryQuestion, answer: VendorAnswer | None) -> str:
    """An answer in words; empty where there is none."""
    if answer is None:
        return ""
    if answer.state != VendorAnswer.State.KNOWN:
        return answer.get_state_display()
    labels = dict(YES_NO if question.kind == InquiryQuestion.Kind.BOOL else question.choices)
    parts = answer.value if isinstance(answer.value, list) else [answer.value]
    return ", ".join(labels.get(_plain(part), _plain(part)) for part in parts)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
