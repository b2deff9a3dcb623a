from django.db import migrations, models

from riskassess.accounts.indexes_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0012_model_order")]

    operations = [
        AddIndexBeside(
            model_name="offering",
            index=models.Index(
                condition=models.Q(("contracting_entity__isnull", False)),
                fields=["contracting_entity"],
                name="offering_contracting_entity",
            ),
        ),
    ]
