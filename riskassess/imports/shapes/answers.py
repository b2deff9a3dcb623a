"""An answered questionnaire: each answer becomes a claim of its vendor, evidence that nobody has judged yet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import slugify

from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Source
from riskassess.evidence.models import Claim, ClaimSource
from riskassess.imports.journal import Journal
from riskassess.imports.known import Party, pk_of
from riskassess.imports.layout import Columns, Layout
from riskassess.imports.loading import in_portions
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.records import Writer, known_parties
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.vocabulary import ANSWER_FIELDS
from riskassess.sheets.languages import in_english
from riskassess.sheets.makers import known_as
from riskassess.sheets.results import tidy
from riskassess.sheets.table import SHEET_LETTERS, TITLE_LETTERS, is_virtual

_LONGEST_TITLE = 200
_CODE = re.compile(r"[A-Z&]{1,6}[ .-]?\d{1,4}(?:[.-]\d{1,3})*[a-z]?|\d{1,3}(?:\.\d{1,3})+")
_MORE = (("justification", "Explanation"), ("references", "References"), ("score", "Scored"))
_TICKED = {"answer_yes": "Yes", "answer_no": "No", "answer_na": "Not applicable"}
UNANSWERED = "Not answered. Silence is no evidence; ask for it where it matters."


@dataclass(slots=True)
class NewAnswer:
    """A claim to write, and where the sheet has it. With `pk` the claim is there and only gains a source."""

    key: str
    party: Party
    title: str
    statement: str
    quote: str
    cell: str
    made_on: date | None
    pk: int | None = None


@dataclass(slots=True)
class Work:
    """Vendors by name, claims by key with the sources they have, and what the sheet adds."""

    parties: dict[str, Party]
    claims: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    source: int | None = None
    new: list[NewAnswer] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    used: list[Party] = field(default_factory=list)


class Answers(Shape):
    name = ShapeName.ANSWERS
    lands = (
        "Each answer becomes a claim of the vendor that gave it: stated, not shown, and without weight in any "
        "assessment until somebody says what kind of claim it is."
    )
    fields = ANSWER_FIELDS
    stored = frozenset(
        {"vendor", "question", "answer", "justification", "references", "score", "answered_on", *_TICKED}
    )
    needs = (
        Need(("question",), "No column has the questions.", "Choose Question for one column."),
        Need(("answer", *_TICKED), "No column has the answers.", "Choose Answer for one column."),
        Need(
            ("vendor",),
            "Nothing says whose answers these are.",
            "Name the vendor that answered.",
            vendor_will_do=True,
        ),
    )
    called_by = ("question",)
    owned_by = ("vendor",)
    labels = {"answer": "answer", "source": "stated again"}
    vendor_term = "Who answered"
    day_term = "Answered on, where the row names no day"

    def adjusted(self, layout: Layout) -> Columns:
        """Headings name parts of the form, codes are no questions, and a remark explains the answer beside it."""
        columns = {letters: dict(column) for letters, column in layout.columns.items()}
        at = {column["field"]: letters for letters, column in columns.items() if column["field"]}
        over = at.get("vendor", "")
        if over in _headings(columns) and not all(map(known_as, columns[over]["samples"])):
            why = "headings between the questions name the parts of the form"
            columns[over] |= {"field": "" if "section" in at else "section", "why": why}
        asked, beside = at.get("question", ""), _texts_beside(at.get("question", ""), columns)
        if beside and _are_codes(columns[asked]["samples"]):
            columns[asked] |= {
                "field": "" if "question_id" in at else "question_id",
                "why": "its cells are codes",
            }
            columns[beside] |= {
                "field": "question",
                "why": "its cells are texts beside the codes of the questions",
            }
        notes = at.get("notes", "")
        if notes and "justification" not in at and not _guides(columns[notes]["header"]):
            columns[notes] |= {
                "field": "justification",
                "why": "a remark beside the answer, and no other column explains it",
            }
        return columns

    def plan(self, sheet: Sheet) -> ShapePlan:
        lines = self.lines(sheet)
        vendor = sheet.default_vendor.strip()
        return plan_answers(lines, _load(lines, vendor, sheet), vendor)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        work: Work = planned.work
        writer = Writer(source, on, journal)
        writer.make_parties(work.used)
        fresh = [answer for answer in work.new if answer.pk is None]
        made = writer.make([_claim(answer, on) for answer in fresh])
        for answer, claim in zip(fresh, made, strict=True):
            answer.pk = claim.pk
        states = ClaimSource.Relation.STATES
        writer.make([
            ClaimSource(claim_id=pk_of(a), source=source, relation=states, quote=a.quote, cell=a.cell)
            for a in work.new
        ])  # fmt: skip


def _headings(columns: Columns) -> frozenset[str]:
    """The columns of headings that stand between the rows."""
    return frozenset(filter(is_virtual, columns)) - {TITLE_LETTERS, SHEET_LETTERS}


def _are_codes(samples: Sequence[str]) -> bool:
    return bool(samples) and all(map(_CODE.fullmatch, samples))


def _texts_beside(letters: str, columns: Columns) -> str:
    """The column directly behind, where it is read as nothing and holds texts of some words; '' where there is none."""
    following = list(columns)[list(columns).index(letters) + 1 :][:1] if letters else []
    return next(
        (
            behind
            for behind in following
            if not columns[behind]["field"]
            and all(text.count(" ") >= 2 for text in columns[behind]["samples"])
        ),
        "",
    )


def _guides(header: str) -> bool:
    """Whether a column of notes is called after help for whoever answers."""
    words = set(re.findall(r"[a-z]+", in_english(header).casefold()))
    return bool(words & {"guidance", "guide", "help", "instruction", "instructions", "hint", "tip"})


def _claim(answer: NewAnswer, on: date) -> Claim:
    return Claim(
        key=answer.key,
        vendor_id=pk_of(answer.party),
        title=answer.title,
        statement=answer.statement,
        kind=Claim.Kind.DISCLOSURE,
        substantiation=Claim.Substantiation.NONE,
        verification=Claim.Verification.STATED,
        interest=Claim.Interest.SELF,
        made_on=answer.made_on or on,
    )


def _load(lines: Iterable[Line], vendor: str, sheet: Sheet) -> Work:
    """Vendors, aliases, this sheet, and the claims that say the same: a query for 900 of them."""
    work = Work(known_parties())
    found = Source.objects.filter(file_sha256=sheet.sha256, sheet=sheet.name)
    work.source = found.values_list("pk", flat=True).first()
    keys = {_key(_party(line, vendor, work.parties), line) for line in lines if _said(line)}
    for portion in in_portions(keys):
        rows = Claim.objects.filter(key__in=portion).values_list("key", "pk", "links__source")
        for key, pk, source in rows:
            work.claims.setdefault(key, (pk, set()))[1].add(source)
    return work


def _party(line: Line, vendor: str, parties: dict[str, Party]) -> Party:
    """Who answered, by the name on record where there is one."""
    name = line.text("vendor") or vendor
    return parties.setdefault(normalised(name), Party(name))


def _key(party: Party, line: Line) -> str:
    """The same for the same answer of the same vendor to the same question, whichever file it comes in."""
    said = "|".join(normalised(t) for t in (party.name, _asked(line), _said(line)))
    return f"{slugify(party.name)[:50]}-answer-{hashlib.sha256(said.encode()).hexdigest()[:16]}".lstrip("-")


def _said(line: Line) -> str:
    """The answer; that the question does not apply is one as well. Or the one column that is ticked."""
    if line.text("answer") or line.is_not_applicable("answer"):
        return tidy(line.raw["answer"])
    ticked = [name for name in _TICKED if line.known(name)]
    return _TICKED[ticked[0]] if len(ticked) == 1 else ""


def _where(line: Line) -> str:
    """The cell that has the answer."""
    return line.cell("answer", next((name for name in _TICKED if line.known(name)), "answer"))


def _asked(line: Line) -> str:
    return line.text("question") or line.text("question_id")


def plan_answers(lines: Sequence[Line], work: Work, vendor: str) -> ShapePlan:
    """What each row adds. Pure. `work` collects it."""
    return ShapePlan([_row(line, work, vendor) for line in lines], work)


def _row(line: Line, work: Work, vendor: str) -> RowResult:
    if not line.skip and not line.problems:
        ticks = [name for name in _TICKED if line.known(name)]
        if len(ticks) > 1:
            line.refuse(ticks[1], "More than one answer is ticked.", "Leave one of them.")
        elif not _said(line):
            line.skip = UNANSWERED
        else:
            line.needs("question", "Question")
            if not (line.text("vendor") or vendor):
                line.needs("vendor", "Who answered")
    result = result_of(line)
    if result.outcome != "unchanged":
        return result
    party = _party(line, vendor, work.parties)
    key = _key(party, line)
    result.identity = f"{party.name}: {_asked(line)}"[:700]
    if key in work.seen:
        return repeated(line, result.identity, "This answer", work.seen[key], "question")
    work.seen[key] = _where(line)
    known = work.claims.get(key)
    if known is not None and work.source in known[1]:
        return result
    answer = line.raw["answer"].strip() if line.raw.get("answer") else _said(line)
    if known is None:
        result.outcome = "new"
        result.changes["answer"] = (None, _short(answer))
    else:
        result.changes["source"] = (None, f"the same answer as in {len(known[1])} other sheet(s)")
    work.used.append(party)
    work.new.append(
        NewAnswer(
            key=key,
            party=party,
            title=_short(_asked(line)),
            statement=_statement(line, answer),
            quote=answer,
            cell=_where(line),
            made_on=line.day("answered_on"),
            pk=known[0] if known else None,
        )
    )
    result.settle()
    return result


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1].rstrip()}…"


def _statement(line: Line, answer: str) -> str:
    more = [f"{label}: {line.raw[name].strip()}" for name, label in _MORE if line.text(name)]
    return "\n\n".join([answer, *more])
