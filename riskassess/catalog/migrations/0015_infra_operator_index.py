from django.db import migrations, models

from riskassess.accounts.indexes_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0014_host_index")]

    operations = [
        AddIndexBeside(
            model_name="offering",
            index=models.Index(
                condition=models.Q(("infra_operator__isnull", False)),
                fields=["infra_operator"],
                name="offering_infra_operator",
            ),
        ),
    ]
