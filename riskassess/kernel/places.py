"""Where a value stands in a sheet: its place in an entry, the entry's number, and the cell that both make. Pure.

Entries are rows, and a place is a column's letters. Of a table that stands on its side entries are columns, and a
place is a row's number in digits: place `5` of entry 2 is the cell `B5`.
"""

from __future__ import annotations


def column_letters(column: int) -> str:
    """The letters over the column counted from 0: A, B … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_at(index: int, *, turned: bool = False) -> str:
    """The place counted from 0: a column's letters, or in a turned table a row's number."""
    return str(index + 1) if turned else column_letters(index)


def index_of(place: str) -> int:
    """Of a place its index, from 0: `A` is 0, `AA` 26, `5` is 4."""
    if place.isdecimal():
        return int(place) - 1
    position = 0
    for letter in place:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def cell_at(place: str, number: int) -> str:
    """The cell at a place of the entry with this number, from 1."""
    if place.isdecimal():
        return f"{column_letters(number - 1)}{place}"
    return f"{place}{number}"


def place_in(cell: str, *, turned: bool = False) -> str:
    """The place that a cell's address names."""
    letters = cell.rstrip("0123456789")
    return cell[len(letters) :] if turned else letters


def entry_named(number: int, *, turned: bool = False) -> str:
    """`row 7`, or of a turned table `column G`."""
    return f"column {column_letters(number - 1)}" if turned else f"row {number}"
