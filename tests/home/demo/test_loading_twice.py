"""Loading the demo a second time changes nothing and adds nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model

from riskassess.assessments.models import Answer, Assessment
from riskassess.catalog.models import Vendor
from riskassess.home.demo.assessments import load_assessments
from riskassess.home.demo.loading import load_all
from riskassess.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table, time stamps included."""
    models: list[type[Model]] = [
        model for model in apps.get_models() if model.__module__.startswith("riskassess.")
    ]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def test_twice_is_once_and_what_people_changed_meanwhile_stays():
    counts = load_all("first")
    answer = Answer.objects.filter(question="profile.D").first()
    assert answer is not None
    Answer.objects.filter(pk=answer.pk).update(value=0, note="Seen again.")
    Vendor.objects.filter(name="Baseten").update(hq_country="US")
    before = everything()
    assert load_all("second") == counts
    assert everything() == before
    assert Assessment.objects.count() == counts["assessments"] == 7


def test_assessments_without_their_people_say_what_to_load_first():
    with pytest.raises(InvalidInput, match="Load the people first"):
        load_assessments()
    assert not Assessment.objects.exists()
