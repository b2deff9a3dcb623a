"""A workbook that came back -> what it changes, or every cell that keeps it from being taken in. Nothing is written.

Rows are found by their number and their question's words, wherever they stand. A cell that nobody touched says
nothing: it leaves what was typed behind the link in the meantime as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.cells import Cells, cells_of, entry_of, text_of
from riskassess.questionnaires.entries import Entry
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer
from riskassess.questionnaires.stamp import Stamp, fingerprint, read_stamp
from riskassess.questionnaires.workbook import FIRST_INPUT, QUESTIONS, STAMP, TITLES
from riskassess.sheets.limits import Limits
from riskassess.sheets.results import Cell, CellError
from riskassess.sheets.workbook import Grid, Workbook, open_workbook
from riskassess.sheets.writing import clean_text

# It is ours, so it is small: an order of magnitude over the largest that we hand out.
LIMITS = Limits(
    file_bytes=5_000_000, inflated_bytes=60_000_000, sheets=20, rows=5_000, columns=200, cells=200_000,
    memory_bytes=800_000_000, seconds=20,
)  # fmt: skip
Row = tuple[InquiryQuestion, VendorAnswer | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the workbook out: the cell, what is wrong with it, what to do."""

    cell: str
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the workbook would change, by question; with a problem, nothing of it may be taken in."""

    changes: tuple[tuple[InquiryQuestion, Entry], ...]
    unchanged: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A question's row as it stands in the sheet."""

    cells: Cells
    at: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Position -> its row; `spoilt` are those of which something is told already."""

    rows: dict[int, _Row] = field(default_factory=dict)
    spoilt: set[int] = field(default_factory=set)


def opened(data: bytes, name: str) -> Workbook:
    """The file parsed, within limits. No query: it is a stranger's, and is done with before a transaction is open."""
    return open_workbook(data, name, LIMITS)


def read_workbook(inquiry: Inquiry, rows: Sequence[Row], book: Workbook, name: str) -> Reading:
    """What `book` changes in the answers of `inquiry`. InvalidInput for a file that is not its workbook at all."""
    named = {grid.name: grid for grid in book.grids}
    if STAMP not in named or QUESTIONS not in named:
        raise InvalidInput(
            "This is not the workbook of these questions.",
            hint="Download it here, fill it in, and send that file as .xlsx or .ods.",
            where=name,
        )
    stamp = read_stamp(_first_text(named[STAMP]))
    if stamp.inquiry != inquiry.pk:
        raise InvalidInput(
            "This workbook belongs to other questions.",
            hint="Download the one of these questions, or open the link it came with.",
            where=name,
        )
    grid = named[QUESTIONS]
    found, problems = _rows(grid, {question.position: question for question, _ in rows})
    changes, unchanged = [], 0
    for question, answer in rows:
        if question.position in found.spoilt:
            continue
        try:
            entry = _change(question, answer, found.rows.get(question.position), stamp, grid)
        except _Refused as error:
            problems.append(error.problem)
            continue
        if entry is None:
            unchanged += 1
        else:
            changes.append((question, entry))
    return Reading(tuple(changes), unchanged, tuple(problems))


class _Refused(Exception):
    def __init__(self, cell: str, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.problem = Problem(cell, what, hint)


def _change(
    question: InquiryQuestion, answer: VendorAnswer | None, found: _Row | None, stamp: Stamp, grid: Grid
) -> Entry | None:
    """What the row changes; None where it is as it was handed out, or says what is known already."""
    stamped = stamp.questions.get(question.position)
    if stamped is None or stamped[0] != fingerprint(question):
        raise _Refused(
            QUESTIONS,
            f"Question {question.position} is not the one that this workbook was made with.",
            "Download the workbook again and copy your answers into it.",
        )
    if found is None:
        raise _Refused(
            QUESTIONS,
            f"Question {question.position} has no row any more.",
            "Put the row back as it was, or download the workbook again.",
        )
    read, now = found.cells.fingerprint, cells_of(question, answer).fingerprint
    if read in {stamped[1], now}:
        return None
    if answer is not None and answer.review:
        raise _Refused(
            _address(grid, found, 0), f"Question {question.position} is answered and reviewed already.",
            "Put its cells back as they were.",
        )  # fmt: skip
    if stamped[1] != now:
        raise _Refused(
            _address(grid, found, 0),
            f"Question {question.position} was answered otherwise since this workbook was made.",
            "Download the workbook again: it has that answer.",
        )
    try:
        return entry_of(question, found.cells)
    except InvalidInput as error:
        raise _Refused(_address(grid, found, int(error.where or 0)), error.message, error.hint) from error


def _rows(grid: Grid, questions: Mapping[int, InquiryQuestion]) -> tuple[_Found, list[Problem]]:
    """The row of each question, and what stands where it belongs to none."""
    found, problems = _Found(), list[Problem]()
    for at in range(_header(grid) + 1, len(grid.rows)):
        number = text_of(_cell(grid, at, 0))
        is_number = number.isascii() and number.isdigit() and len(number) < 6
        question = questions.get(int(number)) if is_number else None
        cells = _cells(grid, at)
        if question is None:
            if any(cells.texts) and not _is_heading(grid, at):
                problems.append(
                    Problem(
                        _place(grid, at, FIRST_INPUT),
                        "This answer stands beside no question.",
                        "Move it to the row of its question.",
                    )
                )
        elif question.position in found.rows:
            first = _place(grid, found.rows[question.position].at, 0)
            problems.append(
                Problem(
                    _place(grid, at, 0),
                    f"Question {number} stands here a second time, after {first}.",
                    "Delete one of the two rows.",
                )
            )
            found.spoilt.add(question.position)
        else:
            found.rows[question.position] = _Row(cells, at)
            wrong = list(_wrong_cells(grid, at, question, cells))
            found.spoilt.update([question.position] if wrong else [])
            problems += wrong
    return found, problems


def _is_heading(grid: Grid, at: int) -> bool:
    """Whether the row is a heading over questions: a merged cell, which some formats repeat in each of its cells."""
    return len({text_of(_cell(grid, at, column)) for column in range(len(TITLES))}) == 1


def _wrong_cells(grid: Grid, at: int, question: InquiryQuestion, cells: Cells) -> Iterator[Problem]:
    if text_of(_cell(grid, at, 1)) != text_of(clean_text(question.text)):
        yield Problem(
            _place(grid, at, 1),
            f"This is no longer question {question.position}: its words were changed.",
            "Put them back, or download the workbook again.",
        )
    for offset, text in enumerate(cells.texts):
        if isinstance(_cell(grid, at, FIRST_INPUT + offset), CellError):
            yield Problem(
                _place(grid, at, FIRST_INPUT + offset),
                f"A formula here came out as {text}.",
                "Type the answer itself.",
            )


def _header(grid: Grid) -> int:
    """The row of the column titles. InvalidInput where columns were moved, renamed or deleted."""
    for at in range(min(len(grid.rows), 200)):
        if text_of(_cell(grid, at, 0)) == TITLES[0]:
            titles = tuple(text_of(_cell(grid, at, column)) for column in range(len(TITLES)))
            if titles == TITLES:
                return at
            wrong = next(i for i, title in enumerate(titles) if title != TITLES[i])
            raise InvalidInput(
                f"The column “{TITLES[wrong]}” is not where it was.",
                hint="Put the columns back as they were, or download the workbook again.",
                where=f"{QUESTIONS}!{_place(grid, at, wrong)}",
            )
    raise InvalidInput(
        "The row with the column titles is gone.",
        hint="Download the workbook again and copy your answers into it.",
        where=QUESTIONS,
    )


def _cells(grid: Grid, at: int) -> Cells:
    return Cells(*(_cell(grid, at, FIRST_INPUT + offset) for offset in range(4)))


def _cell(grid: Grid, at: int, column: int) -> Cell:
    """A cell by its column in the sheet, counted from A."""
    place = column - grid.first_column
    cells = grid.rows[at]
    return cells[place] if 0 <= place < len(cells) else None


def _address(grid: Grid, found: _Row, offset: int) -> str:
    return _place(grid, found.at, FIRST_INPUT + offset)


def _place(grid: Grid, at: int, column: int) -> str:
    return f"{QUESTIONS}!{grid.address(at, column - grid.first_column)}"


def _first_text(grid: Grid) -> str:
    return next((str(cell) for row in grid.rows for cell in row if cell is not None), "")
