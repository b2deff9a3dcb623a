"""The filter for a unit offers the units whose work the person reads, and no other is taken."""

from __future__ import annotations

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.unit_filter import units_read_by
from tests.builders import make_assessment, make_unit

pytestmark = pytest.mark.django_db


def test_a_member_is_offered_their_own_units_by_name_once_each(ana: User, procurement: BusinessUnit) -> None:
    other, foreign = make_unit("Analytics"), make_unit("Research")
    for role in (Role.ASSESSOR, Role.APPROVER):
        Membership.objects.create(user=ana, unit=other, role=role)
    assert units_read_by(ana) == [(other.pk, "Analytics"), (procurement.pk, procurement.name)]
    Membership.objects.create(user=ana, unit=foreign, role=Role.AUDITOR)
    assert (foreign.pk, "Research") in units_read_by(ana)


def test_who_reads_everything_is_offered_all(ana: User, procurement: BusinessUnit) -> None:
    make_unit("Research")
    ana.is_superuser = True
    assert [name for _, name in units_read_by(ana)] == [procurement.name, "Research"]


def test_a_list_is_cut_to_the_unit_and_refuses_one_of_others(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    analytics, foreign = make_unit("Analytics"), make_unit("Research")
    Membership.objects.create(user=ana, unit=analytics, role=Role.ASSESSOR)
    make_assessment(ana, procurement, use_case="Letters")
    make_assessment(ana, analytics, use_case="Charts")
    page = as_ana.get("/assessments/", {"unit": analytics.pk}).content.decode()
    assert "Charts" in page
    assert "Letters" not in page
    refused = as_ana.get("/assessments/", {"unit": foreign.pk}).content.decode()
    assert "Select a valid choice" in refused
    assert "Research" not in refused
