"""Walking the chain: what was removed, moved, altered or slipped in, each by its place and its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from riskassess.kernel.errors import InvalidInput
from riskassess.trail.chain import COLUMNS, START, is_signed, link
from riskassess.trail.chain import seal as seal_waiting
from riskassess.trail.models import Entry, Seal

_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
AT_ONCE = 2000  # entries in memory
LATE = timedelta(hours=1)  # no change of ours takes longer from its entry to its commit (judgement)

Check = Callable[[Any], str]
_CHECKS: dict[str, Check] = {}


def checks(name: str) -> Callable[[Check], Check]:
    """Registers what holds records kept elsewhere against the digest in an entry's change of that name."""

    def register(check: Check) -> Check:
        _CHECKS[name] = check
        return check

    return register


@dataclass(slots=True)
class Verdict:
    """What the walk found. `head` is the last place and digest: noted elsewhere, it is an anchor for later."""

    entries: int = 0
    seals: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None
    head: str = f"0:{START}"
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.problems


def verify(anchors: Iterable[str] = ()) -> Verdict:
    """Seals what waits, then walks the whole chain; `anchors` are earlier heads, `PLACE:DIGEST` each.

    Three queries and one for each 2,000 entries, and one for each entry that tells of records kept elsewhere.
    InvalidInput for an anchor that is none.
    """
    known = dict(map(_anchor, anchors))
    found = Verdict()
    waiting = Entry.objects.waiting()
    found.waiting = waiting.count()
    found.waiting_since = waiting.values_list("timestamp", flat=True).first()
    while seal_waiting():
        pass
    # An entry is chained and sealed in one commit. So those seen before the seals are under them, unless something is
    # wrong, and those that are sealed while we walk are the next walk's.
    last = Entry.objects.chained().aggregate(last=Max("position"))["last"] or 0
    walk = _Walk(list(Seal.objects.order_by("number")), known)
    last = max([last, *(seal.position for seal in walk.seals)])
    rows = Entry.objects.chained().filter(position__lte=last).values_list("position", "digest", *COLUMNS)
    for row in rows.iterator(chunk_size=AT_ONCE):
        found.problems += walk.step(row[0], row[1], row[2:])
        found.entries += 1
    found.problems += walk.end()
    found.seals = len(walk.seals)
    found.head = f"{walk.place}:{walk.digest}"
    return found


def _anchor(said: str) -> tuple[int, str]:
    found = _ANCHOR.fullmatch(said.strip())
    if found is None:
        raise InvalidInput(
            f"“{said.strip()[:80]}” is no head of the audit trail, so nothing was held against it.",
            hint="A head is PLACE:DIGEST as verify_audit prints it, a number and 64 letters and digits.",
            where="anchor",
        )
    return int(found[1]), found[2]


class _Walk:
    """One walk along the chain: where it is, which seal comes next."""

    def __init__(self, seals: list[Seal], anchors: dict[int, str]) -> None:
        self.seals = seals
        self.place, self.digest = 0, START
        self._anchors = anchors
        self._next = 0  # of the seals, the one that closes where we are
        self._by_place = {seal.position: seal for seal in seals}

    def step(self, place: int, digest: str, columns: tuple[Any, ...]) -> Iterator[str]:
        """What is wrong at this entry, in sentences."""
        if place != self.place + 1:
            yield f"{_places(self.place + 1, place - 1)} removed."
            before = ""
        else:
            before = self.digest
        self.place, self.digest = place, digest
        said = dict(zip(COLUMNS, columns, strict=True))
        name = f"Entry {place} ({said['kind']} “{said['object_repr']}”, {said['timestamp']:%Y-%m-%d %H:%M})"
        if before and link(before, place, columns) != digest:
            yield f"{name} was altered, moved or put in its place: its digest does not follow from the one before."
        yield from self._at_seals(place, digest, said["timestamp"], name)
        if self._anchors.pop(place, digest) != digest:
            yield f"{name} is not the one of the anchor: the chain was written anew."
        for change, (_, told) in said["changes"].items():
            if change in _CHECKS and told and (wrong := _CHECKS[change](told)):
                yield f"{name}: {wrong}."

    def _at_seals(self, place: int, digest: str, written: datetime, name: str) -> Iterator[str]:
        while self._next < len(self.seals) and self.seals[self._next].position < place:
            self._next += 1
        if self._next and self._next <= len(self.seals):
            sealed = self.seals[self._next - 1].sealed_at
            if written < sealed - LATE:
                yield f"{name} came after the seal of {sealed:%Y-%m-%d %H:%M}: put in later, or a clock was wrong."
        if (seal := self._by_place.get(place)) and seal.head != digest:
            yield f"{name} is not what seal {seal.number} closed."

    def end(self) -> Iterator[str]:
        """What is wrong with the seals, and with the end of the chain."""
        for expected, seal in enumerate(self.seals, 1):
            if seal.number != expected:
                yield f"Seals from {expected} to {seal.number - 1} were removed."
                break
        for seal in self.seals:
            if not is_signed(seal):
                yield (
                    f"Seal {seal.number} (up to entry {seal.position}) was not made by this installation, or its "
                    "secret key has changed: see SECRET_KEY_FALLBACKS."
                )
        sealed = max((seal.position for seal in self.seals), default=0)
        if sealed > self.place:
            yield f"{_places(self.place + 1, sealed)} removed from the end."
        if self.place > sealed:
            yield f"{_places(sealed + 1, self.place)} chained without a seal."
        for place in sorted(self._anchors):
            if place > self.place:
                yield f"The chain ends at entry {self.place}, before the anchor {place}: its end was removed."


def _places(first: int, last: int) -> str:
    return f"Entry {first} was" if first == last else f"Entries {first} to {last} were"


def since_words(since: datetime | None) -> str:
    """For how long the oldest entry has waited to be sealed."""
    minutes = int((timezone.now() - since).total_seconds() // 60) if since else 0
    return f"the oldest for {minutes} min" if minutes else "for less than a minute"
