"""What nobody needs any more goes, once a day: ended jobs, files without a row, sessions that have run out.

Each job leaves a row, and a crash may leave a file that no row points to. What goes is old and nothing points to it,
and one run takes away at most so much of each sort; the rest goes another day. Done again, or by two at once, it is
the same. No record and nothing of the audit trail is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.jobs.watching import watches

TIDY = "tidy"
LOOK_EVERY = 600.0  # seconds
GRACE = timedelta(days=1)  # judgement: what is younger may belong to a row that is still to be committed
SOME, MOST = 500, 20_000  # judgement: in one transaction; of each sort in one run

T = TypeVar("T")
Keeper = tuple[type[Model], str]  # a model, and its field that names a file


@watches(TIDY, every=LOOK_EVERY)
def look() -> None:
    """Once a day asks for the job that tidies up."""
    key = f"{TIDY}:{timezone.localdate()}"
    if not Job.objects.filter(idempotency_key=key).exists():
        enqueue(TIDY, {}, key=key)


@handles(TIDY)
def tidy_up(job: RunningJob) -> dict[str, Any]:
    return tidy(timezone.now(), before_each=job.still_mine)


def tidy(now: datetime, *, before_each: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Takes away what is not needed; how much of each sort. Calls `before_each` some: it may stop it."""
    gone = {"jobs": 0, "files": 0, "sessions": 0}
    for sort, rows in (("jobs", ended_jobs(now)), ("sessions", run_out(now)), ("sessions", signed_out(now))):
        while gone[sort] < MOST:
            before_each()
            if not (deleted := _delete_some(rows)):
                break
            gone[sort] += deleted
    for some in _in_parts(islice(stray_files(now), MOST)):
        before_each()
        for store, name in some:
            store.delete(name)
        gone["files"] += len(some)
    return gone


def _delete_some(rows: QuerySet[Any]) -> int:
    """Deletes some of these rows, held while they go: what somebody takes up just now stays."""
    with transaction.atomic():
        held = list(rows.select_for_update(skip_locked=_can_skip()).values_list("pk", flat=True)[:SOME])
        rows.model._base_manager.filter(pk__in=held).delete()
    return len(held)


def _can_skip() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update_skip_locked)


# -- rows --------------------------------------------------------------------------------------------------


def ended_jobs(now: datetime) -> QuerySet[Job]:
    """Jobs that ended `JOBS_KEPT_DAYS` ago and to which no record points: what they are about stands without them."""
    if not settings.JOBS_KEPT_DAYS:
        return Job.objects.none()
    ended = [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]
    long_ago = now - timedelta(days=settings.JOBS_KEPT_DAYS)
    old = Job.objects.filter(state__in=ended, finished_at__lt=long_ago)
    for relation in Job._meta.related_objects:
        points = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        old = old.exclude(Exists(points))
    return old.order_by("finished_at", "pk")


def run_out(now: datetime) -> QuerySet[Session]:
    """Sessions that let nobody in any more."""
    return Session.objects.filter(expire_date__lt=now).order_by("expire_date")


def signed_out(now: datetime) -> QuerySet[UserSession]:
    """Lines in people's lists of sessions whose session has gone."""
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    lines: QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__lt=now - GRACE)
    return lines.exclude(Exists(there)).order_by("pk")


# -- files -------------------------------------------------------------------------------------------------


def stray_files(now: datetime) -> Iterator[tuple[Storage, str]]:
    """Files older than a day, in the folders where rows keep files, to which no row points: of a crash, mostly."""
    folders: dict[tuple[Storage, str], list[Keeper]] = defaultdict(list)
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                folders[field.storage, str(field.upload_to).split("/", 1)[0]].append((model, field.name))
    for (store, folder), keepers in folders.items():
        for names in _in_parts(_files(store, folder)):
            kept = _pointed_to(keepers, names)
            yield from ((store, name) for name in names if name not in kept and _is_old(store, name, now))


def _files(store: Storage, folder: str) -> Iterator[str]:
    """Every file under a folder of the store; none where there is no such folder yet."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files(store, f"{folder}/{name}")


def _pointed_to(keepers: Iterable[Keeper], names: list[str]) -> set[str]:
    """Which of these files a row points to; a query for each model."""
    return {
        str(name)
        for model, field in keepers
        for name in model._base_manager.filter(**{f"{field}__in": names}).values_list(field, flat=True)
    }


def _is_old(store: Storage, name: str, now: datetime) -> bool:
    try:
        return now - store.get_modified_time(name) >= GRACE
    except FileNotFoundError:
        return False  # somebody took it away just now


def _in_parts(many: Iterable[T]) -> Iterator[list[T]]:
    left = iter(many)
    while part := list(islice(left, SOME)):
        yield part
