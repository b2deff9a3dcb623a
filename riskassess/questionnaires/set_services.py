"""What people do with sets of questions: add one, say what its questions mean here, revise it, ask with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.questions import Kind
from riskassess.imports import services as imports
from riskassess.imports.models import Batch
from riskassess.imports.reading import open_upload
from riskassess.imports.running import file_of
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.kernel.files import shown_name
from riskassess.questionnaires.asked import MOST_QUESTIONS, NewQuestion, askable
from riskassess.questionnaires.entries import YES_NO
from riskassess.questionnaires.set_mapping import takes
from riskassess.questionnaires.set_models import QuestionSet, SetQuestion
from riskassess.questionnaires.set_reading import NotTaken, SetReading, questions_in, suggested_levels

LEVELS = range(5)
_KEPT_LEFT_OUT = 500


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a questionnaire."""

    name: str
    publisher: str = ""
    version: str = ""
    licence: str = ""
    url: str = ""


def add_set(
    data: bytes, file_name: str, about: About, *, by: User, sheets: Sequence[str] = ()
) -> QuestionSet:
    """The questions of a spreadsheet as a set that can be asked.

    Raises NotAllowed, InvalidInput for a file without questions, Conflict where that version is there already.
    """
    may_add(by)
    return keep_set(read_file(data, file_name, about, sheets), by=by)


def keep_set(read: ReadFile, *, by: User) -> QuestionSet:
    """The set of a file that was read. Raises NotAllowed, Conflict where that version is there already."""
    may_add(by)
    with transaction.atomic():
        return _kept(read, by)


def add_set_of_import(batch: Batch, about: About, *, by: User, sheets: Sequence[str] = ()) -> QuestionSet:
    """The questions of an upload that turned out to be a questionnaire; the import is then forgotten. Both, or neither.

    Raises what `add_set` does, NotAllowed for who does not import in the upload's unit, Conflict where it moved on.
    """
    may_add(by, batch.unit)
    read = read_file(file_of(batch), batch.file_name, about, sheets)
    with transaction.atomic():
        waiting = Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.UPLOADED)
        if waiting.first() is None:
            raise Conflict("This import has moved on.", hint="Look at it again, or upload the file here.")
        made = _kept(read, by)
        imports.discard(batch, by=by)
        return made


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read, and what is said of it, before anything is kept."""

    about: About
    name: str
    sha256: str
    found: SetReading


def read_file(data: bytes, file_name: str, about: About, sheets: Sequence[str]) -> ReadFile:
    """The questions in a spreadsheet. Raises InvalidInput for one without.

    Reading a large sheet takes seconds: nothing is locked meanwhile.
    """
    if not about.name.strip():
        raise InvalidInput("The set has no name.", hint="Name it as its publisher does.", where="name")
    name = shown_name(file_name)
    found = questions_in(open_upload(data, name), sheets)
    return ReadFile(about, name, hashlib.sha256(data).hexdigest(), found)


def _kept(read: ReadFile, by: User) -> QuestionSet:
    about = read.about
    made = QuestionSet(
        name=about.name.strip(),
        publisher=about.publisher.strip(),
        version=about.version.strip(),
        licence=about.licence.strip(),
        url=about.url.strip(),
        file_name=read.name,
        file_sha256=read.sha256,
        left_out=_left_out(read.found.left_out),
        added_by=by,
    )
    same = {"name": made.name, "publisher": made.publisher, "version": made.version}
    if QuestionSet.objects.filter(**same).exists():
        raise _there_already()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:  # somebody else adds the same version at the same time, and was first
        raise _there_already() from error
    SetQuestion.objects.bulk_create(
        SetQuestion(
            question_set=made,
            position=position,
            section=one.section,
            code=one.code,
            text=one.text,
            help=one.help,
            kind=one.kind,
            choices=[list(choice) for choice in one.choices],
            suggested=suggested_levels(one),
            sheet=one.sheet[:100],
            cell=one.cell[:20],
        )
        for position, one in enumerate(read.found.questions, 1)
    )
    return made


def _there_already() -> Conflict:
    return Conflict(
        "That version of that questionnaire is there already.", hint="Use it, or name another version."
    )


def _left_out(found: Sequence[NotTaken]) -> list[dict[str, Any]]:
    """The first of the rows that are no questions, and how many more there are."""
    kept: list[dict[str, Any]] = [asdict(one) for one in found[:_KEPT_LEFT_OUT]]
    return kept if len(found) <= _KEPT_LEFT_OUT else [*kept, {"more": len(found) - _KEPT_LEFT_OUT}]


@transaction.atomic
def map_question(question: SetQuestion, key: str, levels: Mapping[str, Any], *, by: User) -> SetQuestion:
    """Says what a question of a set means here: `key` of ours, or '' for evidence alone.

    `levels` gives each answer of a choice its level or [best, worst], for a factor; answers left out mean nothing.
    Raises NotAllowed, Conflict once the set was used, InvalidInput for what does not fit.
    """
    may_map(by)
    held = QuestionSet.objects.select_for_update().get(pk=question.question_set_id)
    if held.uses.exists():
        raise Conflict(
            "This set was asked with already, so it stays as it is.", hint="Make a new revision of it."
        )
    question.key, question.levels = key, _checked(question, key, levels)
    question.mapped_by, question.mapped_at = by, timezone.now()
    question.save(update_fields=["key", "levels", "mapped_by", "mapped_at"])
    return question


@transaction.atomic
def revise(found: QuestionSet, *, by: User) -> QuestionSet:
    """The same questions with the same meaning as another revision, whose meaning can be changed."""
    may_map(by)
    questions = list(found.questions.order_by("position"))
    family = QuestionSet.objects.filter(name=found.name, publisher=found.publisher, version=found.version)
    # The lock first, in a query of its own: an aggregate locks nothing, and counts what was there before the wait.
    QuestionSet.objects.select_for_update().get(pk=family.order_by("pk").values("pk")[:1])
    last = family.aggregate(last=Max("revision"))["last"]
    made = QuestionSet.objects.get(pk=found.pk)
    made.pk, made.revision, made.added_by = None, last + 1, by
    made._state.adding = True
    made.save()
    for one in questions:
        one.pk, one.question_set = None, made
        one._state.adding = True
    SetQuestion.objects.bulk_create(questions)
    return made


@transaction.atomic
def remove(found: QuestionSet, *, by: User) -> None:
    """Forgets a set that nobody has asked with."""
    may_map(by)
    if QuestionSet.objects.select_for_update().get(pk=found.pk).uses.exists():
        raise Conflict("This set was asked with, so it stays on record.")
    found.delete()


def may_add(by: User, unit: BusinessUnit | None = None) -> None:
    """Raises NotAllowed unless `by` imports: in `unit`, or anywhere where the file is nobody's yet."""
    if not by.may(Can.IMPORT, unit):
        where = f" out of what {unit} uploaded" if unit else ""
        raise NotAllowed(
            f"Your roles do not let you add questionnaires{where}.",
            hint="Ask an administrator for a role that imports.",
        )


def may_map(by: User) -> None:
    """Raises NotAllowed unless `by` assesses somewhere."""
    if not by.may(Can.ASSESS):
        raise NotAllowed("Your roles do not let you say what a questionnaire means.")


# -- asking --------------------------------------------------------------------------------------------------


def new_questions(found: QuestionSet) -> list[NewQuestion]:
    """All questions of a set as they are sent. One query. Raises InvalidInput where one inquiry holds fewer."""
    chosen = list(found.questions.order_by("position"))
    if len(chosen) > MOST_QUESTIONS:
        raise InvalidInput(
            f"{found} has {len(chosen)} questions; one inquiry holds {MOST_QUESTIONS}.",
            hint="Choose sections of it on the page.",
            where="question_set",
        )
    return [as_new(one) for one in chosen]


def as_new(one: SetQuestion) -> NewQuestion:
    """A question of a set as it is sent: its own words, with what it means here."""
    return NewQuestion(
        text=one.text,
        kind=one.kind,
        key=one.key,
        help=one.help,
        heading=one.section,
        code=one.code,
        choices=tuple((value, label) for value, label in one.choices),
        levels=one.levels,
    )


# -- what fits -----------------------------------------------------------------------------------------------


def answers_of(question: SetQuestion) -> list[tuple[str, str]]:
    """The answers that a question of a set can have: value and words; none where it is typed."""
    if question.kind == "bool":
        return list(YES_NO)
    return [(str(value), str(label)) for value, label in question.choices]


def _checked(question: SetQuestion, key: str, levels: Mapping[str, Any]) -> dict[str, Any]:
    if not key:
        return {}
    ours = askable().get(key)
    if ours is None or not takes(ours, question.kind, question.choices):
        raise InvalidInput(
            "That question of ours takes another kind of answer.",
            hint="Choose another one, or keep the answer as evidence.",
            where="key",
        )
    if ours.kind is not Kind.FACTOR:
        return {}
    allowed = dict(answers_of(question))
    found = {}
    for value, level in levels.items():
        ends = level if isinstance(level, list) else [level]
        whole = all(isinstance(end, int) and not isinstance(end, bool) and end in LEVELS for end in ends)
        if value not in allowed or not whole or len(ends) not in {1, 2} or ends[0] > ends[-1]:
            raise InvalidInput(
                "That is no level.", hint="Use 0 to 4, best first.", where=f"level-{value}"[:60]
            )
        found[value] = ends[0] if ends[0] == ends[-1] else list(ends)
    if not found:
        raise InvalidInput(
            "No answer has a level.",
            hint="Say of one answer at least how good it is, or keep the answers as evidence.",
            where="levels",
        )
    return found
