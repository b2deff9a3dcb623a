"""What a parser's answer says, for tables of cells."""

from __future__ import annotations

from riskassess.kernel.stated import Known, NotApplicable
from riskassess.sheets.results import Parsed, Result


def known(result: Result[object]) -> object:
    """The value that the cell states."""
    assert isinstance(result, Parsed), result
    assert isinstance(result.stated, Known), result
    return result.stated.value


def note(result: Result[object]) -> str:
    """How the cell was read, where it could have been read otherwise."""
    assert isinstance(result, Parsed), result
    return result.note


def said(result: Result[object]) -> str:
    """The answer in a word or two: the value, `unknown`, `not applicable` or `problem`."""
    if not isinstance(result, Parsed):
        return "problem"
    if isinstance(result.stated, Known):
        return str(result.stated.value)
    return "not applicable" if isinstance(result.stated, NotApplicable) else "unknown"
