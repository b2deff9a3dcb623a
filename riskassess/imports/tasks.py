"""The background work of imports; each handler may run twice and ends the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from riskassess.accounts.models import User
from riskassess.imports import running, services
from riskassess.imports.models import Batch
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Subject
from riskassess.jobs.subjects import subjects
from riskassess.kernel.errors import InvalidInput


@handles(services.PREVIEW)
def preview_import(job: RunningJob) -> dict[str, Any]:
    """Reads one batch's file. A batch that was discarded meanwhile is done; a lost file is refused."""
    batch_id = job.arguments["batch"]
    if not Batch.objects.filter(pk=batch_id).exists():
        return {"discarded": True}
    try:
        return {**running.preview(batch_id, progress=job.progress, still_mine=job.still_mine)}
    except InvalidInput:
        Batch.objects.filter(pk=batch_id, state=Batch.State.READING).update(state=Batch.State.REFUSED)
        raise


@handles(services.APPLY)
def apply_import(job: RunningJob) -> dict[str, Any]:
    """Applies one batch, whole or not at all."""
    batch_id = job.arguments["batch"]
    if not Batch.objects.filter(pk=batch_id).exists():
        return {"discarded": True}
    return {**running.apply(batch_id, progress=job.progress, still_mine=job.still_mine)}


@subjects("batch", services.PREVIEW, services.APPLY)
def imports_of(user: User, ids: Collection[int]) -> Mapping[int, Subject]:
    """Jobs of imports are about the import."""
    found = Batch.objects.visible_to(user).filter(pk__in=ids).only("file_name", "sheet")
    return {batch.pk: Subject(str(batch), batch.get_absolute_url()) for batch in found}
