"""A sheet of questions -> the questions of a set: kinds, choices, help, and what a warning says of an answer. Pure.

Rows that are no questions are not dropped silently: each is told with its cell and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from riskassess.imports.shapes.lines import Line, read_lines
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.stored import stored_rows, text_in
from riskassess.imports.understanding import understood
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.results import tidy
from riskassess.sheets.workbook import Workbook

MOST_QUESTIONS = 2_000
_KIND_OF = {
    "bool": ("bool", "boolean", "yesno", "yes no", "y n", "yes or no"),
    "one": ("radiogroup", "radio", "select", "single", "single choice", "dropdown", "drop down", "list", "choice",
            "multiple choice", "one"),
    "many": ("checkgroup", "check", "checkbox", "checkboxes", "multi", "multi select", "multiselect", "many",
             "multiple answers"),
    "number": ("number", "numeric", "integer", "decimal", "percentage", "percent"),
    "date": ("date", "day"),
    "country": ("country",),
    "countries": ("countries",),
    "text": ("line", "box", "text", "free text", "textarea", "open", "string", "essay", "narrative"),
}  # fmt: skip
KINDS = {word: kind for kind, words in _KIND_OF.items() for word in words}
_NO_QUESTION = {
    "info": "information, not a question",
    "note": "information, not a question",
    "heading": "a heading",
    "title": "a heading",
    "spacer": "nothing but space",
}
_WARNING = frozenset({"tip", "warning"})
# How bad an answer is against which a questionnaire warns, as a level of ours (judgement).
LEVEL_OF = {"critical": 4, "high": 3, "medium": 2, "low": 1}
_BEST = [0, 1]
# Answers that leave open how it is (judgement).
_SAYS_NOTHING = re.compile(
    r"^others?\b|\b(?:do(?: not|n['’]t) know|not (?:known|sure|certain|applicable|yet known|decided)"
    r"|un(?:known|sure|certain)|n/?a|no (?:idea|answer|information)|can(?:not|['’]t) say|tbd|tbc"
    r"|to be (?:determined|confirmed))\b",
    re.I,
)
_VALUE_AND_LABEL = re.compile(r"([\w.\-]{1,80}):\s+(.+)", re.S)
_ID = re.compile(r"[\w.\-]+")
_NAMED = re.compile(r"!?[\w.\-]+")
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True)
class ReadQuestion:
    """One question as the sheet has it.

    `suggested` is what a warning says of an answer: value -> level; `doubted` the answers that are warned against
    without saying how bad they are.
    """

    sheet: str
    cell: str
    section: str
    code: str
    text: str
    help: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    condition: str = ""
    suggested: dict[str, int] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A row that is no question: where, what stands there, and why it is left out."""

    sheet: str
    cell: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class SetReading:
    """The questions in the order of the sheets, and the rows that are none."""

    questions: tuple[ReadQuestion, ...]
    left_out: tuple[NotTaken, ...]


def questions_in(book: Workbook, sheets: Sequence[str] = ()) -> SetReading:
    """The questions of these sheets, or of every sheet that has any. Raises InvalidInput where there are none."""
    questions: list[ReadQuestion] = []
    left_out: list[NotTaken] = []
    why = ""
    for grid in book.grids:
        if (sheets and grid.name not in sheets) or not grid.rows:
            continue
        try:
            lines = _lines(book, grid.name)
        except InvalidInput as error:
            if sheets:
                raise
            why = why or f"{error.message} "
            continue
        _read(grid.name, lines, questions, left_out)
    if not questions:
        raise InvalidInput(
            "No sheet has a column of questions.",
            hint=f"{why}One column has to be called Question, or its like.",
            where=book.name,
        )
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput(
            f"{len(questions):,} questions are too many for one set.",
            hint=f"{MOST_QUESTIONS:,} at most: take fewer sheets.",
            where=book.name,
        )
    _say_conditions(questions)
    return SetReading(tuple(questions), tuple(left_out))


def _lines(book: Workbook, sheet: str) -> list[Line]:
    shape = shape_named(ShapeName.QUESTIONS)
    layout = understood(book, sheet, None, ShapeName.QUESTIONS).layout
    if "question" not in {column["field"] for column in layout.columns.values()}:
        raise InvalidInput("No column has the questions.", hint="Call one Question.", where=sheet)
    rows = [row for row in stored_rows(layout.table, layout.columns) if row.is_data]
    return read_lines(rows, layout.columns, shape.by_name)


def _read(sheet: str, lines: Iterable[Line], questions: list[ReadQuestion], left_out: list[NotTaken]) -> None:
    for line in lines:
        kind_said = _words(line, "kind").casefold()
        text, help_ = _question_and_help(plain(_words(line, "question")))
        cell = line.cell("question")
        if kind_said in _WARNING:
            why = _warned(line, questions)
            left_out.append(NotTaken(sheet, cell, text[:200], why))
            continue
        choices = _choices(_words(line, "choices"))
        text = text or (f"{_section(line)}: which of these apply?" if choices and _section(line) else "")
        why = _NO_QUESTION.get(kind_said, "") or line.skip or ("" if text else "it has no words")
        if why:
            left_out.append(NotTaken(sheet, cell, text[:200], why))
            continue
        kind, choices = _kind(kind_said, choices)
        more = [help_, *(plain(_words(line, name)) for name in ("definition", "notes"))]
        questions.append(
            ReadQuestion(
                sheet=sheet,
                cell=cell,
                section=_section(line)[:300],
                code=_words(line, "question_id")[:80],
                text=text,
                help="\n".join(dict.fromkeys(filter(None, more))),
                kind=kind,
                choices=choices,
                condition=_words(line, "condition"),
            )
        )


def _words(line: Line, name: str) -> str:
    """A cell as it stands, also where it states that nothing applies."""
    return text_in(line.raw_cell(name)).strip()


def _section(line: Line) -> str:
    return tidy(plain(_words(line, "section")))


def _question_and_help(text: str) -> tuple[str, str]:
    """The question itself, where several paragraphs explain it: the last that asks; and the explanation."""
    parts = [part for part in text.split("\n") if part]
    asking = [at for at, part in enumerate(parts) if part.endswith(("?", ":"))]
    if len(parts) < 2 or not asking:
        return "\n".join(parts), ""
    rest = [part for at, part in enumerate(parts) if at != asking[-1]]
    return parts[asking[-1]], "\n".join(rest)


def _kind(said: str, choices: tuple[tuple[str, str], ...]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The kind of answer by what the sheet calls it, and by its choices where it has any."""
    kind = KINDS.get(re.sub(r"[\W_]+", " ", said).strip(), "")
    if choices:
        if {label.casefold() for _, label in choices} == {"yes", "no"} and kind in {"", "one", "bool"}:
            return "bool", ()
        return ("many" if kind == "many" else "one"), choices
    return (kind if kind not in {"", "one", "many"} else "text"), ()


def _choices(text: str) -> tuple[tuple[str, str], ...]:
    """The answers that a cell offers: `id: words` a line, or words with line ends, `;`, `|` or `/` between them."""
    lines = [part.strip() for part in text.splitlines() if part.strip()]
    named = [_VALUE_AND_LABEL.fullmatch(one) for one in lines]
    if lines and all(named):
        found = [(one[1], plain(one[2])) for one in named if one]
    else:
        if len(lines) == 1:
            lines = [part.strip() for part in re.split(r"\s*[;|]\s*|\s*/\s*", lines[0]) if part.strip()]
        found = [(str(at), plain(one)) for at, one in enumerate(lines, 1)]
    return tuple((value, label[:500]) for value, label in dict(found).items() if label)


def _warned(line: Line, questions: Sequence[ReadQuestion]) -> str:
    """Keeps a warning as the level that its answer suggests, or as a doubt; what becomes of the row."""
    condition, severity = _words(line, "condition"), _words(line, "severity").casefold()
    level = LEVEL_OF.get(severity)
    for question in reversed(questions[-60:]):
        if level is not None and condition in dict(question.choices) and question.kind == "one":
            question.suggested[condition] = max(level, question.suggested.get(condition, 0))
            return f"a warning, kept as what it says of an answer ({severity})"
    doubted = False
    for question in questions[-60:]:
        if found := _against(condition, question):
            question.doubted |= found
            doubted = True
    return "a warning about an answer" + (", of which no level is proposed" if doubted else "")


def _against(condition: str, question: ReadQuestion) -> set[str]:
    """The answers of a question against which a warning speaks: those it names, or all but one that it excludes."""
    values = {value for value, _ in question.choices}
    names = _NAMED.findall(condition)
    excluded = {name[1:] for name in names if name.startswith("!")} & values
    return (set(names) & values) | (values - excluded if excluded else set())


def suggested_levels(question: ReadQuestion) -> dict[str, int | list[int]]:
    """Levels for the answers of a question, from the warnings about some: the others are the good ones.

    An answer that says nothing, and one that is warned against without a grade, get none: nobody knows how good
    they are, so that none stands there for somebody to nod through.
    """
    if not question.suggested:
        return {}
    good = (
        value
        for value, label in question.choices
        if value not in question.doubted and not _SAYS_NOTHING.search(label)
    )
    return {**dict.fromkeys(good, _BEST), **question.suggested}


def _say_conditions(questions: Sequence[ReadQuestion]) -> None:
    """Adds to a question's help on which answer it depends, in words where the condition names answers."""
    labels = {value: label for one in questions for value, label in one.choices}
    for one in questions:
        if one.condition:
            one.help = "\n".join(filter(None, (f"Only if {_condition(one.condition, labels)}.", one.help)))


def _condition(text: str, labels: Mapping[str, str]) -> str:
    names = _ID.findall(text)
    if set(names) - labels.keys() or "^" in text:
        return f"this holds in the questionnaire: {text}"
    said = re.sub(_NAMED, lambda found: _named(found[0], labels), text)
    return tidy(said.replace("&&", " and ").replace("||", " or ").replace("!(", "not ("))


def _named(name: str, labels: Mapping[str, str]) -> str:
    label = labels[name.lstrip("!")]
    short = label if len(label) <= 90 else f"{label[:89].rstrip()}…"
    return f"{'not ' if name.startswith('!') else ''}“{short}”"


class _Words(HTMLParser):
    """The words of a text with markup; blocks end lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")


def plain(text: str) -> str:
    """The text without markup: one paragraph a line, nothing between tags but words."""
    if "<" not in text and "&" not in text:
        return "\n".join(_kept(text.splitlines()))
    words = _Words()
    words.feed(text)
    words.close()
    return "\n".join(_kept("".join(words.parts).split("\n")))


def _kept(lines: Iterable[str]) -> Iterator[str]:
    return (tidy(line).strip() for line in lines if line.strip())
