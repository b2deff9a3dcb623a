"""A mail server for stories: it takes what it is sent, and can fall silent at a chosen moment."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

GREETING, TAKEN = "greeting", "taken"
"""When it falls silent: before it hears of a mail at all, or when it has one and has not said so yet."""


class MailServer(socketserver.ThreadingTCPServer):
    """What it took, by Message-ID in the order of arrival; `silent` once it says nothing more to one sender."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[tuple[str, str]] = []
        self.falls_silent = ("", 0)  # at which moment, and after how many mails
        self.silent = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def recovers(self) -> None:
        self.falls_silent = ("", 0)

    def keeps_silent(self, moment: str) -> bool:
        if self.falls_silent[0] != moment or len(self.taken) < self.falls_silent[1]:
            return False
        self.silent.set()
        return True


class _Talk(socketserver.StreamRequestHandler):
    """One sender."""

    server: MailServer

    def handle(self) -> None:
        if self.server.keeps_silent(GREETING):
            self.rfile.read()  # until the other side is gone
            return
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"DATA" and not self._takes_a_mail():
                return
            if verb != b"DATA":
                self._say("250 well")

    def _takes_a_mail(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if line == b"":
            return False  # the sender is gone in the middle: no server keeps half a mail
        mail = email.message_from_bytes(b"".join(lines))
        self.server.taken.append((str(mail["Message-ID"]), str(mail["To"])))
        if self.server.keeps_silent(TAKEN):
            self.rfile.read()
            return False
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """It listens on a port of its own for as long as the block runs."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
