"""A worker is killed while mails go out; another sends what is left, and what was sent is not sent again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.jobs.machines import Machine, machine, until
from tests.jobs.mail_server import GREETING, TAKEN, MailServer, mail_server

pytestmark = pytest.mark.services

MACHINES = [("sqlite", "memory"), ("postgres", "rabbitmq")]
MAILS = 6

# Four inquiries to contacts, and an approval whose review two people are reminded of.
SEED = """
from datetime import timedelta
from django.utils import timezone
from riskassess.accounts.roles import Role
from riskassess.assessments.reminding import MORNING
from riskassess.jobs.services import enqueue
from riskassess.questionnaires.services import Contact
from tests.builders import (
    let_it_stand, make_assessment, make_decision, make_model, make_offering, make_person, make_run, make_unit,
    make_vendor,
)
from tests.questionnaires.conftest import make_inquiry
today = timezone.localdate()
unit = make_unit("Procurement")
ana, ben = make_person("Ana", (unit, Role.ASSESSOR)), make_person("Ben", (unit, Role.APPROVER))
vendor = make_vendor()
offering = make_offering(make_model(), seller=vendor)
assessment = make_assessment(ana, unit, offering=offering)
for number in range(4):
    make_inquiry(assessment, ana, contact=Contact("Gita Rao", f"gita{number}@example.com"))
let_it_stand(make_decision(make_run(make_assessment(ana, unit)), ben, "APPROVE"), review_on=today + timedelta(days=2))
enqueue(MORNING, {"day": today.isoformat()}, key=f"{MORNING}:{today}")
print(4)
"""


def all_sent(made: Machine) -> bool:
    """All that was asked for is on record as sent: the inquiries' mails and the reminders."""
    inquiries = made.ask("SELECT COUNT(*) FROM questionnaires_inquirymail WHERE state = 'sent'")
    reminders = made.ask("SELECT COUNT(*) FROM assessments_reminder WHERE state = 'sent'")
    return inquiries[0][0] + reminders[0][0] == MAILS


def killed_and_restarted(made: Machine, server: MailServer, moment: str) -> None:
    """A worker that is killed at that moment of its third mail, and one that comes after it."""
    made.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port), "EMAIL_USE_TLS": "false"}
    made.python(SEED)
    server.falls_silent = (moment, 2 if moment == GREETING else 3)
    with made.worker() as kill:
        assert server.silent.wait(60), "no third mail is on its way"
        kill()
    server.recovers()
    assert not all_sent(made)
    with made.worker():
        until(lambda: all_sent(made))


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_killed_before_the_server_has_the_mail_every_mail_arrives_once(
    tmp_path: Path, database: str, broker: str
) -> None:
    with mail_server() as server, machine(tmp_path, database, broker) as made:
        killed_and_restarted(made, server, GREETING)
    arrived = Counter(server.taken)
    assert len(arrived) == MAILS
    assert set(arrived.values()) == {1}
    assert {to for _, to in arrived} >= {"ana@example.com", "ben@example.com", "gita0@example.com"}


def test_killed_when_the_server_has_it_the_second_copy_is_told_by_its_id(tmp_path: Path) -> None:
    """Nobody can know whether the server took it; mailboxes drop what comes again under one Message-ID."""
    with mail_server() as server, machine(tmp_path, "sqlite", "memory") as made:
        killed_and_restarted(made, server, TAKEN)
    arrived = Counter(server.taken)
    assert len(arrived) == MAILS
    # A worker sends two at a time: the other may have been taken, and not written down, in the same moment.
    assert set(arrived.values()) == {1, 2}
    assert sum(count == 2 for count in arrived.values()) <= 2
    assert arrived[server.taken[2]] == 2, "the one in whose middle it was killed"
