"""Who may read what is measured, and where a worker tells of itself.

Off unless somebody is named: a token, or networks. What is measured holds no names of people, units or records,
but how much is done and what fails is nobody else's business either.
"""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

log = logging.getLogger(__name__)


def may_read(authorization: str, address: str) -> bool:
    """Whether this header (`Bearer …` with METRICS_TOKEN) or this address (of METRICS_NETWORKS) opens the door."""
    token = settings.METRICS_TOKEN
    if token and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return True
    try:
        where = ip_address(address)
    except ValueError:
        return False
    where = getattr(where, "ipv4_mapped", None) or where
    return any(where in network for network in settings.METRICS_NETWORKS)


def tell_of_this_worker(host: str, port: int) -> WSGIServer:
    """Answers `/metrics` on this address from a thread of its own, to whom may read it, until the process ends."""
    server = make_server(host, port, answer, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    log.info("this worker tells of itself on http://%s:%s/metrics", host, server.server_port)
    return server


def answer(environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
    """A WSGI application with one page: what this process has counted."""
    if environ["PATH_INFO"] != "/metrics" or not settings.METRICS_ON:
        start("404 Not Found", [])
        return []
    if not may_read(environ.get("HTTP_AUTHORIZATION", ""), environ["REMOTE_ADDR"]):
        start("403 Forbidden", [])
        return []
    start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
    return [generate_latest(REGISTRY)]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 10  # seconds: who connects and says nothing is let go

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who reads it does so every few seconds."""
