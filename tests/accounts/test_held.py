"""Roles asked for once: in a request that reads, and never for one that changes something."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from riskassess.accounts.held import asked_once
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by
from riskassess.accounts.roles import Can, Role
from riskassess.accounts.single_sign_on import synchronise
from riskassess.catalog.models import Source
from tests.builders import make_source


def _asks(client: Client, method: str, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        getattr(client, method)(address)
    return sum('FROM "accounts_membership"' in query["sql"] for query in captured.captured_queries)


def test_a_page_asks_for_anas_roles_once_and_a_change_asks_whenever_it_needs_them(as_ana: Client) -> None:
    assert _asks(as_ana, "get", "/") == 1
    assert _asks(as_ana, "get", "/search/?q=alpha") == 1
    assert _asks(as_ana, "post", "/imports/upload/") > 1


def test_what_one_request_knew_the_next_does_not(as_ana: Client, ana: User) -> None:
    alpha = make_source(title="Alpha's terms")
    assert alpha.title in as_ana.get("/sources/").content.decode().replace("&#x27;", "'")
    ana.memberships.all().delete()
    assert "Alpha" not in as_ana.get("/sources/").content.decode()
    assert not ana.may(Can.IMPORT)


def test_one_person_is_not_taken_for_another(ana: User, cleo: User, procurement: BusinessUnit) -> None:
    with asked_once():
        assert ana.may(Can.ASSESS, procurement)
        assert not cleo.may(Can.ASSESS, procurement)


def test_roles_that_signing_in_gives_count_at_once(ana: User, procurement: BusinessUnit) -> None:
    mapped = {"auditors": [(procurement.name, Role.AUDITOR)]}
    with asked_once():
        assert not ana.reads_everything()
        synchronise(ana, ["auditors"], mapped)
        assert ana.reads_everything()


def test_dora_reads_the_sources_of_every_unit_and_the_companys(
    dora: User, ana: User, cleo: User, procurement: BusinessUnit
) -> None:
    companys, units = make_source(), make_source(unit=procurement)
    found = {name: set(Source.objects.visible_to(user)) for name, user in (("dora", dora), ("ana", ana))}
    assert found == {"dora": {companys, units}, "ana": {companys, units}}
    assert set(Source.objects.visible_to(cleo)) == {companys}
    assert read_by(dora), "a condition that is empty would vanish beside another"
