"""Requests that depend on what is there now, that are done once however often they are sent, and that are too many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from riskassess.accounts import once, tokens
from riskassess.accounts.models import BusinessUnit, KeptAnswer, User
from riskassess.assessments.models import Assessment
from riskassess.imports import services
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.kernel.errors import Conflict
from tests.api.calls import V1, read, send, told
from tests.builders import make_assessment, make_offering, make_vendor
from tests.imports.sheets import ONE, as_csv
from tests.questionnaires.conftest import make_inquiry


def post(client: Client, address: str, body: Any, key: str = "", **headers: str) -> Any:
    sent = {**headers, **({"Idempotency-Key": key} if key else {})}
    return client.post(V1 + address, body, content_type="application/json", headers=sent)


class TestWhatIsThere:
    @pytest.mark.parametrize("address", ["vendors/", "vendors/{pk}/"])
    def test_what_has_not_changed_is_not_sent_again(self, as_ana: Client, address: str) -> None:
        vendor = make_vendor("Moon Labs")
        where = V1 + address.format(pk=vendor.pk)
        first = as_ana.get(where)

        again = as_ana.get(where, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

        vendor.summary = "They make moons."
        vendor.save()
        changed = as_ana.get(where, headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]

    def test_a_write_to_what_ana_saw_is_done_and_to_anything_else_refused(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        assessment = make_assessment(ana, procurement)
        where = f"assessments/{assessment.pk}/"
        seen = as_ana.get(V1 + where)["ETag"]
        Assessment.objects.filter(pk=assessment.pk).update(description="Somebody else was here.")

        told(post(as_ana, f"{where}withdraw/", {}, **{"If-Match": seen}), 412)
        assessment.refresh_from_db()
        assert assessment.state == "draft"

        now = as_ana.get(V1 + where)["ETag"]
        assert post(as_ana, f"{where}withdraw/", {}, **{"If-Match": now}).status_code == 200
        assert post(as_ana, f"{where}withdraw/", {}, **{"If-Match": "*"}).status_code == 409

    def test_what_may_not_be_seen_is_not_found_whatever_it_should_match(
        self, as_cleo: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        assessment = make_assessment(ana, procurement)
        told(post(as_cleo, f"assessments/{assessment.pk}/withdraw/", {}, **{"If-Match": '"x"'}), 404)

    @pytest.mark.parametrize("address", ["assessments/", "assessments/rescore/", "imports/"])
    def test_where_no_record_stands_nothing_matches(
        self, as_ana: Client, procurement: BusinessUnit, address: str
    ) -> None:
        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": "Drafting"}
        for match in ('"x"', "*"):
            told(post(as_ana, address, body, **{"If-Match": match}), 412)
        assert not Assessment.objects.exists()

    def test_where_a_file_is_read_the_record_it_is_of_is_matched(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        seller = make_vendor("Acme")
        inquiry = make_inquiry(
            make_assessment(ana, procurement, offering=make_offering(seller=seller)), ana, vendor=seller
        )
        where = f"inquiries/{inquiry.pk}/"
        seen = as_ana.get(V1 + where)["ETag"]

        def send_back(match: str) -> int:
            file = SimpleUploadedFile("a.xlsx", b"no workbook")
            answer = as_ana.post(f"{V1}{where}workbook/", {"file": file}, headers={"If-Match": match})
            return int(answer.status_code)

        assert send_back('"another"') == 412
        assert send_back(seen) == 400  # it was looked at, and is no workbook


class TestOnce:
    def test_sent_twice_it_is_done_once_and_answered_the_same(
        self, as_ana: Client, procurement: BusinessUnit
    ) -> None:
        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": "Drafting"}

        first = post(as_ana, "assessments/", body, key="start-1")
        again = post(as_ana, "assessments/", body, key="start-1")

        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        assert Assessment.objects.count() == 1
        assert Job.objects.count() == 1

    def test_a_file_sent_again_with_other_boundaries_is_the_same_request(
        self, as_ana: Client, procurement: BusinessUnit
    ) -> None:
        def upload(content: bytes, boundary: str) -> Any:
            from django.test.client import encode_multipart

            sheet = SimpleUploadedFile("a.csv", content, "text/csv")
            fields = {"unit": procurement.pk, "stated_on": "2026-11-24", "file": sheet}
            return as_ana.post(
                f"{V1}imports/",
                encode_multipart(boundary, fields),
                content_type=f"multipart/form-data; boundary={boundary}",
                headers={"Idempotency-Key": "upload"},
            )

        assert upload(as_csv(ONE), "one").status_code == 201
        assert upload(as_csv(ONE), "two")["Idempotent-Replayed"] == "true"
        told(upload(b"other,bytes\n1,2\n", "two"), 422)
        assert Batch.objects.count() == 1

    def test_a_file_is_opened_before_the_transaction_in_which_it_is_kept(
        self, as_ana: Client, procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On SQLite nobody else writes while it is open; a large file takes seconds to read."""
        opened, deep = services.open_upload, []

        def noted(data: bytes, name: str) -> Any:
            deep.append(len(connection.savepoint_ids))
            return opened(data, name)

        monkeypatch.setattr(services, "open_upload", noted)

        def upload(key: str, content: bytes) -> Any:
            fields = {
                "unit": procurement.pk,
                "stated_on": "2026-11-24",
                "file": SimpleUploadedFile("a.csv", content),
            }
            return as_ana.post(f"{V1}imports/", fields, headers={"Idempotency-Key": key})

        outside = len(connection.savepoint_ids)
        assert upload("k", as_csv(ONE)).status_code == 201
        assert deep == [outside]
        told(upload("l", b"%PDF-1.7"), 400)
        assert upload("l", as_csv(ONE)).status_code == 201  # what was refused has given the key back

    def test_a_key_is_a_persons_own_and_stands_for_one_request(
        self, as_ana: Client, as_cleo: Client, procurement: BusinessUnit, research: BusinessUnit
    ) -> None:
        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": "Drafting"}
        post(as_ana, "assessments/", body, key="k")
        told(post(as_ana, "assessments/", {**body, "use_case": "Coding"}, key="k"), 422)
        assert post(as_cleo, "assessments/", {**body, "unit": research.pk}, key="k").status_code == 201
        assert Assessment.objects.count() == 2

    def test_what_was_refused_keeps_nothing_and_can_be_put_right_under_the_same_key(
        self, as_ana: Client, procurement: BusinessUnit
    ) -> None:
        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": " "}
        told(post(as_ana, "assessments/", body, key="k"), 400)
        assert not KeptAnswer.objects.exists()
        assert post(as_ana, "assessments/", {**body, "use_case": "Drafting"}, key="k").status_code == 201

    def test_while_the_first_is_at_work_the_second_is_told_so_and_takes_over_from_one_that_died(
        self, ana: User
    ) -> None:
        first = once.claim(ana, "k", "digest")
        with pytest.raises(Conflict, match="at work"):
            once.claim(ana, "k", "digest")
        KeptAnswer.objects.update(claimed_at=timezone.now() - once.AT_WORK_FOR - timedelta(seconds=1))
        second = once.claim(ana, "k", "digest")

        assert isinstance(first, once.Claim)
        assert isinstance(second, once.Claim)
        with pytest.raises(Conflict, match="took this"):  # it was not dead after all: what it did is undone
            once.keep(first, 201, {}, {})
        once.give_back(first)
        once.keep(second, 201, {"id": 1}, {})
        assert isinstance(once.claim(ana, "k", "digest"), KeptAnswer)

    def test_killed_before_its_answer_is_kept_it_has_done_nothing(
        self, as_ana: Client, procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": "Drafting"}
        with monkeypatch.context() as dying:
            dying.setattr(once, "keep", killed)
            dying.setattr(once, "give_back", lambda _: None)
            with pytest.raises(KeyboardInterrupt):
                post(as_ana, "assessments/", body, key="k")
        assert not Assessment.objects.exists()
        told(post(as_ana, "assessments/", body, key="k"), 409)
        KeptAnswer.objects.update(claimed_at=timezone.now() - once.AT_WORK_FOR - timedelta(seconds=1))
        assert post(as_ana, "assessments/", body, key="k").status_code == 201
        assert Assessment.objects.count() == 1

    def test_after_a_day_a_key_is_forgotten(self, as_ana: Client, procurement: BusinessUnit) -> None:
        body = {"offering": make_offering().slug, "unit": procurement.pk, "use_case": "Drafting"}
        post(as_ana, "assessments/", body, key="k")
        KeptAnswer.objects.update(claimed_at=timezone.now() - once.KEPT_FOR - timedelta(seconds=1))
        assert "Idempotent-Replayed" not in post(as_ana, "assessments/", body, key="k")
        assert KeptAnswer.objects.count() == 1

    def test_a_key_that_is_none_is_refused(self, as_ana: Client) -> None:
        assert told(post(as_ana, "assessments/", {}, key="x" * 201), 400)["where"] == "Idempotency-Key"


class TestTooMany:
    @pytest.fixture(autouse=True)
    def _counted_from_nothing(self) -> None:
        cache.clear()

    def test_a_person_is_told_to_wait_and_another_is_not(
        self, as_ana: Client, as_ben: Client, settings: LazySettings
    ) -> None:
        settings.API_RATE = "2/min"
        for _ in range(2):
            read(as_ana, "units/")
        answer = send(as_ana, "get", "units/")
        told(answer, 429)
        assert int(answer["Retry-After"]) > 0
        read(as_ben, "units/")

    def test_each_token_counts_for_itself_however_its_header_is_written(
        self, client: Client, ana: User, procurement: BusinessUnit, settings: LazySettings
    ) -> None:
        settings.API_RATE = "2/min"
        first, second = (tokens.make(ana, name, ()).key for name in ("nightly", "weekly"))

        def ask(way: str) -> int:
            return int(client.get(f"{V1}units/", headers={"Authorization": way}).status_code)

        assert [ask(f"Bearer {first}"), ask(f"Token {first}"), ask(f"bearer  {first}")] == [200, 200, 429]
        assert ask(f"Bearer {second}") == 200

    def test_a_session_is_one_whatever_else_is_sent(self, as_ana: Client, settings: LazySettings) -> None:
        settings.API_RATE = "2/min"
        answers = [
            as_ana.get(f"{V1}units/", headers={"Authorization": f"Basic {n}"}).status_code for n in range(3)
        ]
        assert answers == [200, 200, 429]

    def test_who_guesses_tokens_is_slowed_down(
        self, client: Client, db: None, settings: LazySettings
    ) -> None:
        settings.API_RATE_STRANGERS = "2/min"
        guess = {"Authorization": "Bearer ra_guess"}
        assert [client.get(f"{V1}units/", headers=guess).status_code for _ in range(3)] == [401, 401, 429]


class TestWhatChanged:
    def test_a_unit_is_scored_anew_by_whoever_assesses_there(
        self, as_ana: Client, as_ben: Client, as_cleo: Client, procurement: BusinessUnit
    ) -> None:
        body = {"unit": procurement.pk}
        job = send(as_ana, "post", "assessments/rescore/", body)
        assert (job.status_code, job.json()["kind"]) == (202, "rescore")
        assert send(as_ana, "post", "assessments/rescore/", body).json()["id"] == job.json()["id"]
        told(send(as_ben, "post", "assessments/rescore/", body), 403)
        told(send(as_cleo, "post", "assessments/rescore/", body), 400)
