"""The chain: each entry's digest covers the one before, seals close it, and walking it finds what was done to it.

A change writes its entry without a place in the chain, so writers never wait for each other. Sealing gives the
waiting entries their places in the order of their keys, one sealer at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import connection, transaction
from django.utils import timezone

from riskassess.trail.models import Entry, Seal

START = "0" * 64  # what the first entry follows
PORTION = 1000  # entries under one seal: SQLite lets nobody else write meanwhile
_ONE_SEALER_AT_A_TIME = 7_218_204_552  # the number of the advisory lock, any that no other lock has

COLUMNS = (
    "id", "kind", "object_id", "object_repr", "action", "changes", "actor_id", "actor_name", "timestamp", "why",
    "through", "about_kind", "about_id", "unit_id", "realm",
)  # fmt: skip
"""What a digest covers, beside the place in the chain and the digest before."""


def link(before: str, position: int, columns: Sequence[Any]) -> str:
    """The digest of an entry: SHA-256 over the one before, its place and its columns as canonical JSON."""
    said = [position, *(plain(value) for value in columns)]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def plain(value: Any) -> Any:
    """The value as both databases give it back: PostgreSQL keeps 1e22 as a whole number, and no zone's name."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def seal(most: int = 10 * PORTION) -> int:
    """Chains the entries that wait, `most` of them; how many it was. Any number of processes may try at once."""
    sealed = 0
    while sealed < most and (done := _seal_portion()):
        sealed += done
    return sealed


def _seal_portion() -> int:
    """Four queries and an UPDATE for each entry, in one transaction."""
    with transaction.atomic():
        _one_sealer_at_a_time()
        last = Seal.objects.order_by("-number").first()
        position, head = (last.position, last.head) if last else (0, START)
        waiting = list(Entry.objects.waiting().values_list(*COLUMNS)[:PORTION])
        if not waiting:
            return 0
        places = []
        for columns in waiting:
            position += 1
            head = link(head, position, columns)
            places.append((position, head, columns[0]))
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(Entry._meta.db_table)
            cursor.executemany(
                f"UPDATE {table} SET position = %s, digest = %s WHERE id = %s AND position IS NULL",  # noqa: S608
                places,
            )
        number, at = (last.number + 1 if last else 1), _closed_at(last, waiting)
        signature = _signer().signature(_sealed_text(number, position, head, at))
        Seal(number=number, position=position, head=head, sealed_at=at, signature=signature).save()
    return len(waiting)


def _closed_at(last: Seal | None, waiting: Sequence[Sequence[Any]]) -> datetime:
    """The moment up to which a seal over these entries closes the chain: now, unless older ones still wait.

    Of a long backlog a full portion closes no more than the time of its own entries: those under the next seal were
    written before now as well, and nobody has put them in.
    """
    now = timezone.now()
    if len(waiting) < PORTION:
        return now
    written: datetime = waiting[-1][COLUMNS.index("timestamp")]
    return min(now, max(written, last.sealed_at) if last else written)


def is_signed(seal: Seal) -> bool:
    """Whether this installation, by its secret key or an earlier one, made the seal as it is."""
    text = _sealed_text(seal.number, seal.position, seal.head, seal.sealed_at)
    try:
        _signer().unsign(f"{text}:{seal.signature}")
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer(salt="riskassess.trail")


def _sealed_text(number: int, position: int, head: str, at: datetime) -> str:
    return f"{number} {position} {head} {plain(at)}"


def _one_sealer_at_a_time() -> None:
    """SQLite lets one write anyway, from the start of its transaction; PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER_AT_A_TIME])
