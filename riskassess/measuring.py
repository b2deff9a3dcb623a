"""What is counted while work is done, in the form that Prometheus reads.

Counted in the process that does it: web processes count requests, workers count jobs and what comes of them. What
stands in tables (how much waits) is not counted here but asked where it is read. Labels come from short lists of
our own, never from what somebody sent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter(
    "riskassess_requests", "Requests answered, by route, method and status.", ["route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "riskassess_request_seconds",
    "Seconds until a request was answered, by route.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
JOBS = Counter("riskassess_jobs", "Times a job was run, by kind and what came of it.", ["kind", "outcome"])
JOB_SECONDS = Histogram(
    "riskassess_job_seconds",
    "Seconds one run of a job took, by kind.",
    ["kind"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800),
)
LEASES_RAN_OUT = Counter(
    "riskassess_job_leases_ran_out", "Jobs taken away from a worker that gave no sign of life."
)
IMPORTED_ROWS = Counter(
    "riskassess_imported_rows", "Rows of imports applied, by what became of them.", ["outcome"]
)
REPORT_SECONDS = Histogram(
    "riskassess_report_seconds",
    "Seconds it took to draw one report, by format.",
    ["format"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
WEBHOOK_TRIES = Counter(
    "riskassess_webhook_tries", "Requests to webhooks, by what came of them.", ["outcome"]
)


def saw_request(method: str, route: str, status: int, seconds: float) -> None:
    """Counts one answered request; a method that HTTP does not know is `other`."""
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def saw_import(counts: Mapping[str, int]) -> None:
    """Counts the rows of one import that was applied, by outcome; their sum, `read`, is no outcome."""
    for outcome, rows in counts.items():
        if outcome != "read":
            IMPORTED_ROWS.labels(outcome).inc(rows)


@contextmanager
def report_drawn(wanted: str) -> Iterator[None]:
    """Measures the drawing of one report of this format, whether it succeeds or not."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        REPORT_SECONDS.labels(wanted).observe(time.perf_counter() - begun)
