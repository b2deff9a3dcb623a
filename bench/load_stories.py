"""What people and programs do all day, as calls; every answer that is not the expected one is an error."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

V1 = "/api/v1/"
PATIENCE = 300.0  # seconds that a job may take before it counts as lost
OVER = {"done", "failed", "cancelled"}
LEVELS = ("profile.D", "profile.A")
ROWS_AN_IMPORT = 120


@dataclass
class Tally:
    """What was asked and how long each answer took; shared by all who ask."""

    rate: float  # requests a second, of all together
    over: threading.Event = field(default_factory=threading.Event)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    jobs: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = field(default_factory=time.monotonic)

    def wait_for_turn(self) -> None:
        """Returns when it is this caller's turn: turns come at the rate, a little scattered."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next, now - 1.0) + random.expovariate(self.rate)
            pause = self._next - now
        if pause > 0:
            time.sleep(pause)

    def took(self, kind: str, seconds: float) -> None:
        with self._lock:
            self.seconds[kind].append(seconds)

    def wrong(self, what: str) -> None:
        with self._lock:
            self.errors[what] += 1

    def accepted(self, job: str) -> None:
        with self._lock:
            self.jobs[job] += 1


class Wrong(Exception):
    """An answer was not the expected one; it is counted already, and the story ends here."""


class Asking:
    """One browser or program: it waits for its turn, measures, and minds what comes back."""

    def __init__(self, tally: Tally, address: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.tally = tally
        self.http = httpx.Client(base_url=address, headers=headers, timeout=120)

    def ask(
        self, kind: str, method: str, path: str, expect: Sequence[int] = (200,), **more: Any
    ) -> httpx.Response:
        self.tally.wait_for_turn()
        began = time.perf_counter()
        try:
            answer = self.http.request(method, path, **more)
        except httpx.HTTPError as error:
            self.tally.wrong(f"{kind}: {method} {path.split('?')[0]}: {type(error).__name__}")
            raise Wrong from error
        self.tally.took(kind, time.perf_counter() - began)
        if answer.status_code not in expect:
            said = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())[:160]
            self.tally.wrong(f"{kind}: {method} {path.split('?')[0]}: {answer.status_code} {said}")
            raise Wrong
        return answer

    def finished(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job once it is over; one that fails or never ends is an error."""
        self.tally.accepted(job["kind"])
        until = time.monotonic() + PATIENCE
        while job["state"] not in OVER and time.monotonic() < until:
            time.sleep(1)
            job = self.ask("job", "GET", f"{V1}jobs/{job['id']}/").json()
        if job["state"] != "done":
            self.tally.wrong(f"a job {job['kind']} is {job['state']}: {job['error_message']}")
            raise Wrong
        return job


class Visitor:
    """One person at work, in a browser and with a program that has a token of theirs."""

    def __init__(self, tally: Tally, address: str, person: dict[str, str], seed: int) -> None:
        self.tally, self.address, self.person = tally, address, person
        self.random = random.Random(seed)
        self.browser = Asking(tally, address)
        self.program = Asking(tally, address, person["token"])
        self.slugs: list[str] = []
        self.mine = 0
        self.imports = 0
        self.marks: dict[str, str] = {}

    def work(self) -> None:
        """Story after story until the time is over."""
        while not self.mine and not self.tally.over.is_set():
            self._story(self._arrive)
        stories: list[tuple[Callable[[], None], int]] = [
            (self.lists, 24), (self.search, 10), (self.details, 22), (self.fill_in, 14), (self.score, 6),
            (self.report, 3), (self.bring_in, 1), (self.program_reads, 16), (self.come_and_go, 4),
        ]  # fmt: skip
        whole = [story for story, weight in stories for _ in range(weight)]
        while not self.tally.over.is_set():
            self._story(self.random.choice(whole))

    def _story(self, story: Callable[[], None]) -> None:
        try:
            story()
        except Wrong:
            time.sleep(1)  # counted already

    def _arrive(self) -> None:
        self.sign_in(self.browser)
        found = self.program.ask("API list", "GET", f"{V1}offerings/").json()["results"]
        self.slugs = [one["slug"] for one in found]
        made = self.program.ask(
            "API write", "POST", f"{V1}assessments/", (201,),
            json={"offering": self.random.choice(self.slugs), "unit": int(self.person["unit"]), "use_case": "Load"},
        )  # fmt: skip
        self.mine = made.json()["id"]

    # -- in the browser ----------------------------------------------------------------------------------

    def sign_in(self, browser: Asking) -> None:
        page = browser.ask("sign in", "GET", "/account/login/")
        form = {"login": self.person["email"], "password": self.person["password"], **_token(page)}
        browser.ask(
            "sign in", "POST", "/account/login/", (302,), data=form, headers=self._from("account/login/")
        )
        browser.ask("home", "GET", "/")

    def come_and_go(self) -> None:
        browser = Asking(self.tally, self.address)
        try:
            self.sign_in(browser)
            page = browser.ask("home", "GET", "/")
            browser.ask(
                "sign in", "POST", "/account/logout/", (302,), data=_token(page), headers=self._from("")
            )
        finally:
            browser.http.close()

    def lists(self) -> None:
        where = self.random.choice([
            "/vendors/", "/models/", "/offerings/", "/offerings/?page=2", "/offerings/?sort=-name&size=100",
            "/assessments/", "/assessments/?q=clinical", "/portfolio/", "/sources/", "/imports/", "/regions/",
        ])  # fmt: skip
        self.browser.ask("list", "GET", where)

    def search(self) -> None:
        words = self.random.choice(
            ["gpt", "claude", "mai", "microsoft", "clinical", "nothing like it", "llama 3"]
        )
        self.browser.ask("search", "GET", "/search/", params={"q": words})

    def details(self) -> None:
        where = self.random.choice([
            f"/offerings/{self.random.choice(self.slugs)}/", f"/assessments/{self.mine}/answers/",
            f"/assessments/{self.mine}/decision/", f"/assessments/{self.mine}/what-if/",
        ])  # fmt: skip
        self.browser.ask("detail", "GET", where)

    def fill_in(self) -> None:
        """One answer in the form, over the version that the page showed."""
        key = self.random.choice(LEVELS)
        form = f"/assessments/{self.mine}/answers/"
        page = self.browser.ask("form", "GET", f"{form}?section=data")
        said = {"pick": str(self.random.randint(0, 4)), **_token(page)}
        if seen := re.search(rf'name="seen"[^>]*value="({re.escape(key)}=[^"]*)"', page.text):
            said["seen"] = seen[1]
        self.browser.ask("form", "POST", f"{form}{key}/", (302,), data=said, headers=self._from(form[1:]))

    # -- with a token --------------------------------------------------------------------------------------

    def program_reads(self) -> None:
        """Lists and records; what was read before is asked for by its mark, and mostly has not changed."""
        where = V1 + self.random.choice([
            "offerings/", "vendors/", "assessments/", "runs/", "models/", "portfolio/",
            f"assessments/{self.mine}/", f"assessments/{self.mine}/questions/", "offerings/?fields=id,name",
        ])  # fmt: skip
        mark = self.marks.get(where)
        headers = {"If-None-Match": mark} if mark else {}
        answer = self.program.ask("API read", "GET", where, (200, 304), headers=headers)
        if "ETag" in answer.headers:
            self.marks[where] = answer.headers["ETag"]

    def score(self) -> None:
        asked = self.program.ask("API write", "POST", f"{V1}assessments/{self.mine}/score/", (202,))
        self.program.finished(asked.json())

    def report(self) -> None:
        self.score()
        run = self.program.ask("API read", "GET", f"{V1}assessments/{self.mine}/").json()["current_run"]
        wanted = {"run": run, "format": self.random.choice(["pdf", "xlsx"])}
        asked = self.program.ask("API write", "POST", f"{V1}reports/", (200, 202), json=wanted)
        until = time.monotonic() + PATIENCE
        while not (found := asked.json())["ready"] and time.monotonic() < until:
            time.sleep(1)
            asked = self.program.ask("API read", "GET", f"{V1}reports/{found['id']}/")
        file = self.program.ask("download", "GET", f"{V1}reports/{found['id']}/download/")
        if file.content[:4] not in {b"%PDF", b"PK\x03\x04"}:
            self.tally.wrong("a report is no file")

    def bring_in(self) -> None:
        """A sheet of models nobody had yet; every second one is taken back."""
        self.imports += 1
        name = f"{self.person['email'].split('@')[0]}-{self.random.getrandbits(32):x}"
        lines = ["Provider,Model,Context limit,Input $/1M tokens"]
        lines += [f"Loaded,{name}-{n},{1000 + n},0.{n:05d}" for n in range(ROWS_AN_IMPORT)]
        sent = {"file": ("catalog.csv", "\n".join(lines).encode())}
        about = {"unit": self.person["unit"], "stated_on": "2026-11-24"}
        batch = self.program.ask("upload", "POST", f"{V1}imports/", (201,), files=sent, data=about).json()
        at = f"{V1}imports/{batch['id']}/"
        self.program.finished(
            self.program.ask("API write", "PUT", f"{at}columns/", (202,), json={"columns": {}}).json()
        )
        self.program.finished(self.program.ask("API write", "POST", f"{at}apply/", (202,)).json())
        if self.imports % 2 == 0:
            self.program.ask("API write", "POST", f"{at}undo/")

    def _from(self, path: str) -> dict[str, str]:
        return {"Referer": f"{self.address}/{path}"}


def _token(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    return {"csrfmiddlewaretoken": found[1]} if found else {}
