from django.db import migrations, models

from riskassess.accounts.indexes_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0013_contracting_entity_index")]

    operations = [
        AddIndexBeside(
            model_name="offering",
            index=models.Index(
                condition=models.Q(("host__isnull", False)),
                fields=["host"],
                name="offering_host",
            ),
        ),
    ]
