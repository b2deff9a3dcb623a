"""Runs keep the few figures that lists and the portfolio show; those of stored runs come from their records."""

import json

from django.db import migrations, models

LINES = [25, 45, 70]  # of vrm-1.0, the one method there was, where no risk appetite was in force


def fill(apps, schema_editor):
    runs = apps.get_model("assessments", "ScoreRun").objects
    for pk, text in runs.values_list("pk", "record").iterator(chunk_size=50):
        record = json.loads(text)
        if "regimes" not in record:
            continue
        drawn = record.get("appetite")
        runs.filter(pk=pk).update(
            figures={
                "opportunity": [*record["opportunity"], record["opportunity_denominator"]],
                "business_case": record["business_case"],
                "coverage": record["coverage"]["shown"],
                "lines": [drawn["approve"], drawn["conditional"], drawn["reject"]] if drawn else LINES,
                "regimes": {
                    key: [regime["low"], regime["high"]]
                    for key, regime in record["regimes"].items()
                    if regime["in_scope"] is not False
                },
            }
        )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_news")]

    operations = [
        migrations.AddField(
            model_name="scorerun",
            name="figures",
            field=models.JSONField(
                default=dict, help_text="What lists and the portfolio show besides, by `record.figures_of`."
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
