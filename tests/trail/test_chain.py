"""The chain: whatever is done to the trail behind our back, in SQL, is found and named."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.imports.models import JournalPage
from riskassess.kernel.errors import InvalidInput
from riskassess.trail import chain, verifying
from riskassess.trail.chain import seal
from riskassess.trail.models import Entry, Seal
from riskassess.trail.verifying import verify
from riskassess.trail.watching import seal_what_waits
from tests.builders import make_vendor
from tests.imports.sheets import ONE, as_csv, imported
from tests.jobs.machines import machine

pytestmark = pytest.mark.django_db


def sql(text: str, *values: Any) -> None:
    """What somebody does who has the database, and not the program."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.fixture
def six(db: None) -> list[int]:
    """Six sealed entries, three seals; their keys."""
    for number in range(6):
        make_vendor(f"Vendor number {number}")
        if number % 2:
            seal()
    assert verify().holds
    return list(Entry.objects.chained().values_list("pk", flat=True))


def problems() -> str:
    return "\n".join(verify().problems)


def test_what_nobody_touched_holds(six: list[int]) -> None:
    found = verify()
    assert (found.entries, found.seals, found.waiting, found.problems) == (6, 3, 0, [])
    assert found.head == f"6:{Entry.objects.get(position=6).digest}"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("changes", '{"name": [null, "Somebody else"]}'),
        ("why", "because"),
        ("actor_name", "Ben"),
        ("timestamp", "2026-11-25T10:00:00Z"),
        ("object_repr", "Other"),
        ("about_id", 7),
        ("realm", "unit"),
        ("through", "page"),
        ("action", 2),
    ],
)
def test_an_altered_entry(six: list[int], column: str, value: Any) -> None:
    sql(f'UPDATE trail_entry SET "{column}" = %s WHERE id = %s', value, six[2])
    assert "Entry 3 (catalog.vendor" in problems()
    assert "Entry 4" not in problems()


def test_an_altered_entry_whose_digest_was_made_to_fit(six: list[int]) -> None:
    sql("UPDATE trail_entry SET why = 'because' WHERE id = %s", six[2])
    rechain(3, 3)
    assert "Entry 4 (catalog.vendor" in problems()


def test_a_chain_written_anew_does_not_fit_its_seals(six: list[int]) -> None:
    sql("UPDATE trail_entry SET why = 'because' WHERE id = %s", six[2])
    rechain(3, 6)
    assert "Entry 4 (catalog.vendor “Vendor number 3”" in problems()
    assert "is not what seal 2 closed" in problems()


def test_seals_cannot_be_forged_from_the_database(six: list[int]) -> None:
    sql("UPDATE trail_entry SET why = 'because' WHERE id = %s", six[2])
    rechain(3, 6)
    for one in Seal.objects.all():
        sql("UPDATE trail_seal SET head = %s WHERE number = %s",
            Entry.objects.get(position=one.position).digest, one.number)  # fmt: skip
    found = problems()
    assert "Seal 2 (up to entry 4) was not made by this installation" in found
    assert "Seal 1 " not in found


def test_a_removed_entry(six: list[int]) -> None:
    sql("DELETE FROM trail_entry WHERE id = %s", six[2])
    assert problems() == "Entry 3 was removed."
    sql("DELETE FROM trail_entry WHERE id = %s", six[3])
    assert "Entries 3 to 4 were removed." in problems()


def test_a_removed_entry_whose_place_was_closed(six: list[int]) -> None:
    sql("DELETE FROM trail_entry WHERE id = %s", six[2])
    for place in (4, 5, 6):
        sql("UPDATE trail_entry SET position = %s WHERE position = %s", place - 1, place)
    found = problems()
    assert "Entry 3 (catalog.vendor “Vendor number 3”" in found
    assert "Entry 6 was removed from the end." in found


def test_two_entries_that_changed_places(six: list[int]) -> None:
    for place, pk in ((100, six[2]), (3, six[3]), (4, six[2])):
        sql("UPDATE trail_entry SET position = %s WHERE id = %s", place, pk)
    assert "Entry 3 (catalog.vendor “Vendor number 3”" in problems()
    assert "Entry 4 (catalog.vendor “Vendor number 2”" in problems()


def test_an_end_that_was_cut_off(six: list[int]) -> None:
    """With its entries only, with its seal too, and with all that knows of it: then an anchor does."""
    head = verify().head
    sql("DELETE FROM trail_entry WHERE position > 4")
    assert problems() == "Entries 5 to 6 were removed from the end."
    sql("DELETE FROM trail_seal WHERE number = 3")
    assert verify().holds
    (told,) = verify([head]).problems
    assert told == "The chain ends at entry 4, before the anchor 6: its end was removed."
    make_vendor("New one")
    make_vendor("New two")
    assert "is not the one of the anchor" in "\n".join(verify([head]).problems)


def test_a_cut_off_end_is_not_grown_over(six: list[int]) -> None:
    sql("DELETE FROM trail_entry WHERE position > 4")
    make_vendor("Later")
    seal()
    assert problems() == "Entries 5 to 6 were removed."


def test_a_removed_seal(six: list[int]) -> None:
    sql("DELETE FROM trail_seal WHERE number = 2")
    assert problems() == "Seals from 2 to 2 were removed."


def test_an_entry_slipped_in_between(six: list[int]) -> None:
    """Left to be sealed, it says a time at which it was not there; given a place, it breaks the chain."""
    copied = ", ".join(name for name in chain.COLUMNS if name not in {"id", "timestamp"})
    sql(
        f"INSERT INTO trail_entry ({copied}, timestamp, position, digest) SELECT {copied}, %s, NULL, ''"
        " FROM trail_entry WHERE id = %s",
        timezone.now() - timedelta(hours=3),
        six[2],
    )
    (told,) = verify().problems
    assert told.startswith("Entry 7 (catalog.vendor “Vendor number 2”")
    assert "put in later" in told


def test_another_secret_key(six: list[int], settings: LazySettings) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert problems().count("SECRET_KEY_FALLBACKS") == 3
    settings.SECRET_KEY_FALLBACKS = [old]
    assert verify().holds


def test_the_journal_of_an_import(ana: User, procurement: BusinessUnit) -> None:
    imported(as_csv(ONE), by=ana, unit=procurement)
    assert verify().holds
    page = JournalPage.objects.filter(kind="offering").get()
    sql("UPDATE imports_journalpage SET made = '[[1, 1000]]' WHERE id = %s", page.pk)
    (told,) = verify().problems
    assert "imports.batch" in told
    assert "the journal of the import is not as it was written" in told


def test_odd_values_have_the_same_digest_in_both_databases(db: None) -> None:
    vendor = make_vendor("Ünïcode ‮ “name” \\ 'x' \n 😀")
    for value in (1e22, 1e-9, 0.1, -0.0, 2**60, True, None, [1.0, {"b": 1, "a": [None]}], "\u2028"):
        Entry(
            kind="catalog.vendor", object_id=vendor.pk, object_repr="x", action=1, changes={"v": [None, value]},
            timestamp=timezone.now(), about_kind="catalog.vendor", realm="company",
        ).save()  # fmt: skip
    assert verify().holds


def rechain(first: int, last: int) -> None:
    """Digests made to fit, as somebody does who has read how."""
    before = Entry.objects.get(position=first - 1).digest
    for place in range(first, last + 1):
        columns = Entry.objects.filter(position=place).values_list(*chain.COLUMNS).get()
        before = chain.link(before, place, columns)
        sql("UPDATE trail_entry SET digest = %s WHERE position = %s", before, place)


# --- sealing, and the command --------------------------------------------------------------------------------


def test_the_worker_seals_what_waits(db: None, django_assert_num_queries: Any) -> None:
    make_vendor("Acme")
    seal_what_waits()
    assert Entry.objects.get().position == 1
    with django_assert_num_queries(1):  # is there anything? no
        seal_what_waits()
    assert Seal.objects.count() == 1


def test_more_than_one_portion(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "PORTION", 4)
    for _ in range(10):
        make_vendor()
    assert chain.seal(most=8) == 8
    assert chain.seal() == 2
    assert list(Seal.objects.values_list("position", flat=True)) == [4, 8, 10]
    assert verify().holds


def test_a_backlog_of_many_portions_and_hours_is_no_alarm(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker stood still: what had waited for hours is sealed in several portions, and nobody put it in later."""
    monkeypatch.setattr(chain, "PORTION", 4)
    for _ in range(10):
        make_vendor()
    sql("UPDATE trail_entry SET timestamp = %s", timezone.now() - timedelta(hours=5))
    chain.seal()
    assert Seal.objects.count() == 3
    assert verify().problems == []
    make_vendor("Slipped in, with a time of hours ago")
    sql("UPDATE trail_entry SET timestamp = %s WHERE position IS NULL", timezone.now() - timedelta(hours=2))
    assert "put in later, or a clock was wrong" in problems()


def test_what_is_sealed_while_the_chain_is_walked_is_no_alarm(
    six: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = verifying._Walk

    def meanwhile(seals: list[Seal], anchors: dict[int, str]) -> verifying._Walk:
        make_vendor("Sealed by the worker at this moment")
        seal()
        return walk(seals, anchors)

    monkeypatch.setattr(verifying, "_Walk", meanwhile)
    found = verify()
    assert (found.problems, found.entries, Entry.objects.chained().count()) == ([], 6, 7)


@pytest.mark.parametrize("anchor", ["nonsense", "6", "6:", "six:" + "0" * 64, "6:" + "0" * 63, "6: x"])
def test_an_anchor_that_is_none_is_refused_rather_than_passed_over(six: list[int], anchor: str) -> None:
    with pytest.raises(InvalidInput, match="no head of the audit trail"):
        verify([anchor])
    with pytest.raises(CommandError, match="PLACE:DIGEST"):
        run("--anchor", anchor)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_for_cron(six: list[int], tmp_path: Path) -> None:
    make_vendor("Waits")
    heads = tmp_path / "heads"
    said = run("--heads", str(heads))
    assert "1 entries were not sealed yet, for less than a minute." in said
    assert "The audit trail holds: 7 entries under 4 seals. Head 7:" in said
    assert heads.read_text() == f"{verify().head}\n"
    run("--heads", str(heads))
    assert len(heads.read_text().split()) == 1
    sql("DELETE FROM trail_entry WHERE position = 7")
    sql("DELETE FROM trail_seal WHERE number = 4")
    assert "holds" in run()
    with pytest.raises(CommandError, match="does not hold: 1 problems in 6 entries"):
        run("--heads", str(heads))
    with pytest.raises(CommandError):
        run("--anchor", heads.read_text())


def test_what_it_costs(six: list[int], django_assert_num_queries: Any) -> None:
    """What waits, since when; sealing: a savepoint, the last seal, what waits, its release; the last place, the seals,
    the chain."""
    more = 1 if connection.vendor == "postgresql" else 0  # the lock
    with django_assert_num_queries(9 + more):
        verify()


AT_ONCE = """
import threading
from django.db import connections
from riskassess.catalog.models import Vendor
from riskassess.trail.chain import seal

def write(who):
    for number in range(8):
        vendor = Vendor.objects.create(name=f"{who} {number}", slug=f"v-{who}-{number}")
        Vendor.objects.filter(pk=vendor.pk).update(name=f"{who} {number} renamed")
    connections.close_all()

def seal_again(who):
    for _ in range(12):
        seal()
    connections.close_all()

threads = [threading.Thread(target=write, args=(f"PROCESS-{who}",)) for who in range(2)]
threads += [threading.Thread(target=seal_again, args=(who,)) for who in range(2)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print("done")
"""

COUNTED = """
import json
from riskassess.trail.models import Entry
from riskassess.trail.verifying import verify
found = verify()
print(json.dumps([found.entries, Entry.objects.count(), found.problems]))
"""


@pytest.mark.services
@pytest.mark.django_db(False)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_writers_and_sealers_at_once(tmp_path: Path, database: str) -> None:
    """Three processes that each write and seal twice at once: one chain, nothing left out, no place twice."""
    with machine(tmp_path, database, "memory") as made:
        running = [made.start(AT_ONCE.replace("PROCESS", str(number))) for number in range(3)]
        for one in running:
            out, errors = one.communicate(timeout=120)
            assert (one.returncode, out.strip(), errors) == (0, "done", "")
        assert made.python(COUNTED) == [96, 96, []]
