from django.db import migrations

from riskassess.accounts.word_indexes import word_indexes


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0010_source_unit'),
    ]

    operations = [
        word_indexes(
            'catalog',
            ('aimodel', 'name'),
            ('aimodel', 'label'),
            ('aimodel', 'family'),
            ('offering', 'name'),
            ('offering', 'channel'),
            ('source', 'title'),
            ('source', 'publisher'),
            ('source', 'file_name'),
        ),
    ]
