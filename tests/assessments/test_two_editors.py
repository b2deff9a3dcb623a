"""Two people, or two tabs, on one form: the second is shown what the first said, and nothing is lost silently."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments import services
from riskassess.assessments.answers import Changed, Given
from riskassess.assessments.clashing import news_mark
from riskassess.assessments.models import Assessment
from tests.api.calls import read, send, told
from tests.builders import make_assessment, make_person

KEY = "profile.D"


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement)


@pytest.fixture
def fay(procurement: BusinessUnit) -> User:
    """Assesses in Procurement too."""
    return make_person("Fay Moreau", (procurement, Role.ASSESSOR))


def version(draft: Assessment, key: str = KEY) -> str:
    found = draft.answers.filter(question=key).first()
    return found.version if found else ""


def at(draft: Assessment, key: str = KEY) -> str:
    return f"/assessments/{draft.pk}/answers/{key}/"


class TestSaving:
    def test_over_an_answer_nobody_saw_is_refused_and_nothing_changes(
        self, draft: Assessment, ana: User, fay: User
    ) -> None:
        services.answer(draft, KEY, Given("known", 2), by=fay, seen="")
        with pytest.raises(Changed, match="Fay Moreau answered this meanwhile") as refusal:
            services.answer(draft, KEY, Given("known", 3), by=ana, seen="")
        assert refusal.value.theirs is not None
        assert refusal.value.theirs.value == 2
        assert draft.answers.get().value == 2
        services.answer(draft, KEY, Given("known", 3), by=ana, seen=version(draft))
        assert draft.answers.get().value == 3

    def test_what_both_say_alike_is_no_clash(self, draft: Assessment, ana: User, fay: User) -> None:
        services.answer(draft, KEY, Given("known", 2), by=fay, seen="")
        services.answer(draft, KEY, Given("known", 2), by=ana, seen="")
        assert draft.answers.get().answered_by == ana

    def test_an_answer_taken_back_and_given_again_is_another_one(
        self, draft: Assessment, ana: User, fay: User
    ) -> None:
        services.answer(draft, KEY, Given("known", 2), by=ana)
        seen = version(draft)
        services.answer(draft, KEY, Given(), by=fay)
        with pytest.raises(Changed, match="taken back"):
            services.answer(draft, KEY, Given("known", 3), by=ana, seen=seen)
        services.answer(draft, KEY, Given("known", 2), by=fay)
        with pytest.raises(Changed, match="Fay"):
            services.answer(draft, KEY, Given("known", 3), by=ana, seen=seen)

    def test_without_a_version_the_last_one_is_heard(self, draft: Assessment, ana: User, fay: User) -> None:
        services.answer(draft, KEY, Given("known", 2), by=fay)
        services.answer(draft, KEY, Given("known", 3), by=ana)
        assert draft.answers.get().value == 3


class TestTheForm:
    def test_the_second_is_shown_both_and_can_use_theirs(
        self, as_ana: Client, draft: Assessment, fay: User
    ) -> None:
        page = as_ana.get(f"/assessments/{draft.pk}/answers/?section=data").content.decode()
        assert f'name="seen" id="seen-profile-D" value="{KEY}="' in page
        services.answer(draft, KEY, Given("known", 2, note="From the DPO"), by=fay)
        refused = as_ana.post(at(draft), {"pick": "4", "seen": f"{KEY}="})
        assert refused.status_code == 409
        text = refused.content.decode()
        assert "Fay Moreau answered this meanwhile" in text
        assert "Confidential (From the DPO)" in text
        assert "Special category or health" in text
        assert f'name="over" value="{KEY}={version(draft)}"' in text
        assert draft.answers.get().value == 2
        mine = {"pick": "4", "over": f"{KEY}={version(draft)}"}
        assert as_ana.post(at(draft), mine).status_code == 302
        assert draft.answers.get().value == 4

    def test_htmx_gets_the_question_alone_and_keeps_the_version_it_was_filled_in_over(
        self, as_ana: Client, draft: Assessment, fay: User
    ) -> None:
        services.answer(draft, KEY, Given("known", 2), by=fay)
        refused = as_ana.post(at(draft), {"pick": "4", "seen": f"{KEY}="}, headers={"hx-request": "true"})
        assert refused.status_code == 409
        text = refused.content.decode()
        assert "Use mine" in text
        assert 'id="seen-profile-D"' not in text
        saved = as_ana.post(
            at(draft), {"pick": "4", "over": f"{KEY}={version(draft)}"}, headers={"hx-request": "true"}
        )
        assert f'value="{KEY}={version(draft)}"' in saved.content.decode()


class TestNews:
    def asks(self, client: Client, draft: Assessment, mark: str, **more: Any) -> Any:
        return client.get(f"/assessments/{draft.pk}/news/", {"mark": mark, "section": "data", **more})

    def test_nothing_new_is_one_query_beside_who_asks(self, as_ana: Client, draft: Assessment) -> None:
        draft.refresh_from_db()
        mark = news_mark(draft)
        with CaptureQueriesContext(connection) as asked:
            assert self.asks(as_ana, draft, mark).status_code == 204
        # The session, the person, whether she reads every unit; then the one that tells.
        assert len(asked) == 4

    def test_it_names_what_others_changed_of_what_is_shown(
        self, as_ana: Client, draft: Assessment, ana: User, fay: User
    ) -> None:
        draft.refresh_from_db()
        mark = news_mark(draft)
        services.answer(draft, KEY, Given("known", 2), by=fay)
        services.answer(draft, "profile.I", Given("known", 2), by=ana)
        shown = [f"{KEY}=", f"profile.I={version(draft, 'profile.I')}"]
        page = self.asks(as_ana, draft, mark, seen=shown).content.decode()
        assert "How sensitive is the data" in page
        assert "Confidential" in page
        assert "Fay Moreau" in page
        assert "How badly" not in page, "her own answer is no news"
        draft.refresh_from_db()
        seen = [f"{KEY}={version(draft)}"]
        calm = self.asks(as_ana, draft, mark, seen=seen).content.decode()
        assert "Changed meanwhile" not in calm
        assert self.asks(as_ana, draft, news_mark(draft), seen=seen).status_code == 204

    def test_one_answer_shown_twice_is_told_once(self, as_ana: Client, draft: Assessment, fay: User) -> None:
        draft.refresh_from_db()
        mark = news_mark(draft)
        services.answer(draft, KEY, Given("known", 2), by=fay)
        page = self.asks(as_ana, draft, mark, seen=[f"{KEY}=", f"{KEY}="]).content.decode()
        assert page.count("Fay Moreau") == 1

    def test_it_tells_of_a_submission_and_a_score(self, as_ana: Client, draft: Assessment, ana: User) -> None:
        draft.refresh_from_db()
        mark = news_mark(draft)
        services.submit(draft, by=ana)
        assert "This assessment is submitted now." in self.asks(as_ana, draft, mark).content.decode()

    def test_an_outsider_learns_nothing(self, as_cleo: Client, draft: Assessment) -> None:
        assert self.asks(as_cleo, draft, "").status_code == 404


class TestTheApi:
    def test_a_version_in_the_body_or_the_header(self, as_ana: Client, draft: Assessment, fay: User) -> None:
        where = f"assessments/{draft.pk}/answers/"
        body = {"question": KEY, "state": "known", "value": 3}
        services.answer(draft, KEY, Given("known", 2), by=fay)
        assert "Fay Moreau" in told(send(as_ana, "put", where, body | {"version": ""}), 409)["title"]
        stale = as_ana.put(
            f"/api/v1/{where}", body, content_type="application/json", headers={"If-Match": '"1.x"'}
        )
        told(stale, 412)
        now = read(as_ana, where)[0]["version"]
        assert send(as_ana, "put", where, body | {"version": now}).json()[0]["value"] == 3
        fresh = as_ana.put(
            f"/api/v1/{where}",
            body | {"value": 1},
            content_type="application/json",
            headers={"If-Match": f'"{read(as_ana, where)[0]["version"]}"'},
        )
        assert fresh.status_code == 200
        assert send(as_ana, "put", where, body).status_code == 200
        asked = {one["key"]: one for one in read(as_ana, f"assessments/{draft.pk}/questions/")["questions"]}
        assert asked[KEY]["version"] == version(draft)
