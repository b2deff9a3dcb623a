"""The look that workers take: what has changed since the last one joins the chain."""

from __future__ import annotations

import logging

from riskassess.jobs.watching import watches
from riskassess.trail.chain import seal
from riskassess.trail.models import Entry, Seal

log = logging.getLogger(__name__)
EVERY = 15.0  # seconds: for so long a new entry can vanish without a trace in the chain


@watches("seal_the_trail", every=EVERY)
def seal_what_waits() -> None:
    """One query where nothing waits. The head goes to the log, which is kept elsewhere: an anchor."""
    if Entry.objects.waiting().exists():
        count = seal()
        if count and (last := Seal.objects.order_by("-number").first()):
            log.info("audit trail: %s entries sealed, head %s", count, last)
