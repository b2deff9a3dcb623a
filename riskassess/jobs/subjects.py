"""What a job is about: the record that its arguments name, where the person may see that record.

A job keeps ids alone. The app that has the records says how to find them, for all jobs of a page at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
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
    asked: dict[tuple[str, Find], dict[UUID, int]] = defaultdict(dict)
    for job in jobs:
        known = SUBJECTS.get(job.kind)
        if known is not None and isinstance(number := job.arguments.get(known[0]), int):
            asked[known][job.pk] = number
    found: dict[UUID, Subject] = {}
    for (_, find), numbers in asked.items():
        records = find(user, set(numbers.values()))
        found |= {pk: records[number] for pk, number in numbers.items() if number in records}
    return found
