"""People at work through the API who insist: what was not answered is sent again under its key, until it is."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.faults.houses import House
from tests.faults.work import PEOPLE
from tests.jobs.machines import until

V1 = "/api/v1/"
ROWS = 15
AWAY = {500, 502, 503}  # a server that dies or has no database says one of these, if it says anything
TOKENS = """
offering = make_offering(stage="ga", slug="offering-of-all")
result = [unit.pk, [make(make_person(f"Insists {n}", (unit, Role.ASSESSOR)), "x", SCOPES, 1).key for n in range(COUNT)]]
"""


class Insisting:
    """One person. `accepted` are the jobs that the server has promised; `said` is the last answer it took."""

    def __init__(self, house: House, token: str, unit: int, name: str) -> None:
        self.house, self.unit, self.name = house, unit, name
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{house.port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        self.accepted: dict[str, str] = {}  # a job's id to its kind
        self.applied: list[str] = []
        self.said = 0
        self.assessment = 0
        self.sent_again = 0
        self.wrong: list[str] = []

    def work(self, over: threading.Event) -> None:
        try:
            made = self._send("POST", "assessments/", json={
                "offering": "offering-of-all", "unit": self.unit, "use_case": self.name})  # fmt: skip
            self.assessment = made["id"]
            for step in range(10**9):
                self._answer(step % 5)
                self._promised(self._send("POST", f"assessments/{self.assessment}/score/"))
                if step % 3 == 1:
                    self._report()
                if step % 4 == 2:
                    self._import(f"{self.name}{step:05d}")  # one number: no two names are nearly the same
                if over.is_set():
                    return
        except Exception as error:
            self.wrong.append(f"{self.name}: {error!r}")
            raise

    def _answer(self, value: int) -> None:
        answer = {"question": "profile.D", "state": "known", "value": value}
        self._send("PUT", f"assessments/{self.assessment}/answers/", json=answer)
        self.said = value

    def _report(self) -> None:
        if run := self._send("GET", f"assessments/{self.assessment}/")["current_run"]:
            self._send("POST", "reports/", json={"run": run, "format": "xlsx"})

    def _import(self, name: str) -> None:
        lines = ["Provider,Model,Context limit,Input $/1M tokens"]
        lines += [f"Maker,{name}{n:03d},{1000 + n},0.{n + 1:05d}" for n in range(ROWS)]
        sent = {"file": ("list.csv", "\n".join(lines).encode())}
        about = {"unit": str(self.unit), "stated_on": "2026-11-24"}
        batch = self._send("POST", "imports/", files=sent, data=about)
        at = f"imports/{batch['id']}/"
        self._promised(self._send("PUT", f"{at}columns/", json={"columns": {}}))
        until(lambda: self._send("GET", at)["state"] == "previewed", seconds=600)
        self._promised(self._send("POST", f"{at}apply/"))
        self.applied.append(name)

    def _promised(self, job: dict[str, Any]) -> None:
        self.accepted[job["id"]] = job["kind"]

    def _send(self, method: str, path: str, **what: Any) -> Any:
        """The answer, however often it has to be asked for; a POST carries one key through all of it."""
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        end = time.monotonic() + 300
        first = True
        while time.monotonic() < end:
            self.sent_again += not first
            first = False
            try:
                answer = self.http.request(method, V1 + path, headers=headers, **what)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            at_work = answer.status_code == 409 and "Idempotency-Key" in headers
            if answer.status_code in AWAY or at_work:
                time.sleep(0.2)
                continue
            assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            return answer.json()
        raise AssertionError(f"{method} {path}: no answer in five minutes")


class People:
    """All who work in one story."""

    kinds = "'score', 'report', 'import_preview', 'import_apply'"

    def __init__(self, house: House, count: int) -> None:
        self.house = house
        unit, tokens = house.run(PEOPLE + TOKENS.replace("COUNT", str(count)))
        self.each = [Insisting(house, token, unit, f"person{n}") for n, token in enumerate(tokens, 1)]
        self.over = threading.Event()
        self.threads = [threading.Thread(target=one.work, args=[self.over]) for one in self.each]

    def find_all_of_it(self) -> None:
        """What was promised is there, once; nobody is at work any more."""
        assert [words for one in self.each for words in one.wrong] == []
        rows = self.house.ask("SELECT CAST(id AS VARCHAR), kind, state, error_message FROM jobs_job")
        jobs = {pk.replace("-", ""): (kind, state, error) for pk, kind, state, error in rows}
        for one in self.each:
            for pk, kind in one.accepted.items():
                assert jobs[pk.replace("-", "")][:2] == (kind, "done"), jobs[pk.replace("-", "")]
        # A score is asked for by each POST and by each start of an assessment, and by nothing else.
        scores = sum(kind == "score" for one in self.each for kind in one.accepted.values())
        assert sum(kind == "score" for kind, _, _ in jobs.values()) == scores + len(self.each)
        for one in self.each:
            for name in one.applied:
                [(count,)] = self.house.ask(f"SELECT COUNT(*) FROM catalog_aimodel WHERE name LIKE '{name}%'")
                assert count == ROWS, f"{name}: {count} of {ROWS} rows"
            [(said,)] = self.house.ask(
                f"SELECT value FROM assessments_answer WHERE assessment_id = {one.assessment}"
            )
            assert int(said) == one.said
        assert self.house.problems() == []

    def counts(self) -> dict[str, int]:
        accepted = sum(len(one.accepted) for one in self.each)
        return {
            "jobs_accepted": accepted,
            "jobs_finished": accepted,
            "done_twice": 0,
            "half_written": 0,
            "imports": sum(len(one.applied) for one in self.each),
            "requests_sent_again": sum(one.sent_again for one in self.each),
        }


@contextmanager
def at_work(house: House, people: int) -> Iterator[People]:
    """They work for as long as the block runs, and then end what they have begun."""
    made = People(house, people)
    for thread in made.threads:
        thread.start()
    try:
        yield made
    finally:
        made.over.set()
    for thread in made.threads:
        thread.join(700)
    assert not any(thread.is_alive() for thread in made.threads)
