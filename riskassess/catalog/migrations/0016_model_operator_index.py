from django.db import migrations, models

from riskassess.accounts.indexes_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0015_infra_operator_index")]

    operations = [
        AddIndexBeside(
            model_name="offering",
            index=models.Index(
                condition=models.Q(("model_operator__isnull", False)),
                fields=["model_operator"],
                name="offering_model_operator",
            ),
        ),
    ]
