"""Decided assessments point to the decision that stands, and know the day of its review."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def point(apps: Any, schema_editor: Any) -> None:
    assessments = apps.get_model("assessments", "Assessment")
    decisions = apps.get_model("assessments", "Decision")
    for assessment in assessments.objects.filter(state="decided", decision=None).iterator():
        last = decisions.objects.filter(assessment=assessment).order_by("-decided_at", "-pk").first()
        if last is None:
            continue
        assessment.decision = last
        if last.outcome in ("APPROVE", "CONDITIONAL"):
            assessment.review_on = assessment.review_on or last.valid_until
        assessment.save(update_fields=["decision", "review_on"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_workflow")]
    operations = [migrations.RunPython(point, migrations.RunPython.noop)]
