"""What a job is about: the record that its arguments name, where the person may see that record.

A job keeps ids alone. The app that has the records says how to find them, for all jobs of a page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from riskassess.accounts.models import User
from riskassess.jobs.models import Job, Subject

Find = Callable[[User, Collection[int]], Mapping[int, Subject]]
SUBJECTS: dict[str, tuple[str, Find]] = {}


def subjects(argument: str, *kinds: str) -> Callable[[Find], Find]:
    """Registers how the records are found that jobs of these kinds name in `argument`; one query, visible ones only."""

    def register(find: Find) -> Find:
        for kind in kinds:
            if SUBJECTS.setdefault(kind, (argument, find)) != (argument, find):
                raise ValueError(f"Two subjects for jobs of kind {kind!r}.")
        return find

    return register


def subjects_of(jobs: Iterable[Job], user: User) -> dict[UUID, Subject]:
    """What each job is about; nothing for one about no record, or about one that `user` may not see or has gone."""
    every = list(jobs)
    found = subjects_for(user, [(job.kind, job.arguments) for job in every])
    return {job.pk: about for job, about in zip(every, found, strict=True) if about is not None}


def subjects_for(user: User, jobs: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Subject | None]:
    """What each job is about, by its kind and arguments. A query for each kind of record among them."""
    asked: dict[tuple[str, Find], dict[int, int]] = defaultdict(dict)
    for at, (kind, arguments) in enumerate(jobs):
        known = SUBJECTS.get(kind)
        if known is not None and isinstance(number := arguments.get(known[0]), int):
            asked[known][at] = number
    found: list[Subject | None] = [None] * len(jobs)
    for (_, find), numbers in asked.items():
        records = find(user, set(numbers.values()))
        for at, number in numbers.items():
            found[at] = records.get(number)
    return found
