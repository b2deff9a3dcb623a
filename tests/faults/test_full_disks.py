"""No room is left, for a report or an upload: it is said in words, nothing half is kept, and it works afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import only_in_full, told
from tests.faults.houses import House, Moulds
from tests.faults.work import PEOPLE
from tests.jobs.machines import needs

pytestmark = pytest.mark.services

# A file of the process may grow to so many bytes: the system refuses the rest, as it does on a full disk.
ROOM = 6_000

REPORT = """
from riskassess.reports.models import ReportFile
one = Assessment.objects.first() or new_assessment()
drain()
one.refresh_from_db()
report, job = request_report(one.current_run, "xlsx", by=ana)
Job.objects.update(run_after=Job.objects.get(pk=job.pk).created_at) if job else None
drain()
report.refresh_from_db()
job = Job.objects.get(pk=report.job_id)
result = [job.state, job.error_message, report.file.name or ""]
"""
UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from riskassess.evidence.models import Document
from riskassess.imports.models import Batch
client = Client(raise_request_exception=False)
client.force_login(ana)
rows = "\\n".join(["Provider,Model,Context limit"] + [f"Maker,model-{n},{1000 + n}" for n in range(ROWS)])
sheet = SimpleUploadedFile("list.csv", rows.encode())
answer = client.post(f"WHERE", {"file": sheet, "unit": unit.pk, "stated_on": "2026-11-24", "source_kind": "analyst"})
document = SimpleUploadedFile("proof.txt", b"the proof " * ROWS)
attached = client.post("/api/v1/documents/", {"file": document, "unit": unit.pk, "counts_as": "vendor_document"})
result = [answer.status_code, answer.content.decode()[:4000], Batch.objects.count(),
          attached.status_code, Document.objects.count()]
"""


def kept(house: House) -> list[str]:
    """Every file in the installation's folder of files."""
    folder = house.folder / "files"
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_report_for_which_there_is_no_room_is_made_when_there_is(moulds: Moulds, tmp_path: Path) -> None:
    needs("postgres")
    with moulds.house(tmp_path / "house", "postgres", JOB_MAX_ATTEMPTS="2") as house:
        house.run(PEOPLE + "new_assessment(); drain()")
        for state in ("queued", "failed"):
            stands, words, name = house.run(PEOPLE + REPORT, most_bytes=ROOM)
            assert (stands, name) == (state, ""), words
            assert "no room left" in words
            assert kept(house) == [], "half a file stayed"
        stands, words, name = house.run(PEOPLE + REPORT)
        assert (stands, words, [name]) == ("done", "", kept(house))
        assert house.problems() == []
        told("disk full for a report", tries=2, half_written=0, done_afterwards=1)


@only_in_full
# Held in memory; put aside in a temporary file while it comes in.
@pytest.mark.parametrize(("where", "rows"), [("/imports/upload/", 1_000), ("/api/v1/imports/", 150_000)])
def test_an_upload_for_which_there_is_no_room_is_refused_in_words(
    moulds: Moulds, tmp_path: Path, where: str, rows: int
) -> None:
    needs("postgres")
    sends = PEOPLE + UPLOAD.replace("WHERE", where).replace("ROWS", str(rows))
    with moulds.house(tmp_path / "house", "postgres", TMPDIR=str(tmp_path)) as house:
        status, text, batches, attached, documents = house.run(sends, most_bytes=ROOM)
        assert (status, batches, attached, documents) == (507, 0, 507, 0), text
        assert "no room left" in text
        assert kept(house) == [], "half a file stayed"
        status, text, batches, attached, documents = house.run(sends.replace(str(rows), "500"))
        assert (status in {201, 302}, batches, attached, documents) == (True, 1, 201, 1), text
        assert len(kept(house)) == 2
        assert house.problems() == []
        told(
            f"disk full for an upload of {rows:,} rows to {where}",
            refused=2,
            half_written=0,
            taken_afterwards=2,
        )
