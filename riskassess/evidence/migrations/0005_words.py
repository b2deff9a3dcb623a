from django.db import migrations

from riskassess.accounts.word_indexes import word_indexes


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_news'),
    ]

    operations = [
        word_indexes('evidence', ('claim', 'title'), ('claim', 'statement')),
    ]
