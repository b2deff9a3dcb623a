from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0003_combined_report"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportfile",
            name="language",
            field=models.CharField(db_default="en", default="en", max_length=8),
        ),
    ]
