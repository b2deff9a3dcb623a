"""A mail that a job sends: for all of them the same headers, and an id that is kept before the mail goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from riskassess.jobs.handlers import RunningJob
from riskassess.kernel.errors import TryAgain


def message_id(of: str) -> str:
    """The Message-ID of a mail told apart by `of`: a second copy of it is dropped by mailboxes."""
    return f"<{of}@{urlsplit(settings.SITE_URL).hostname}>"


def send(
    job: RunningJob,
    to: str,
    subject: str,
    lines: Iterable[str],
    *,
    kept_id: str,
    reply_to: Sequence[str] = (),
) -> None:
    """Sends one mail, while the job is this worker's. Raises LeaseLost, and TryAgain where no server takes it."""
    job.still_mine()
    message = EmailMessage(
        subject=" ".join(subject.split()),  # a name with a line break must not break the header
        body="\n".join(lines),
        to=[to],
        reply_to=reply_to,
        headers={"Message-ID": kept_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except OSError as error:  # SMTP's own errors among them
        raise TryAgain(
            "The mail could not be sent.", hint=f"{type(error).__name__}; it is tried again."
        ) from error
