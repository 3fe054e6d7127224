import django.db.models.fields.json
import django.db.models.functions.comparison
from django.db import migrations, models

from amanah.foundation.stores.guard import AppendOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('text', models.TextField()),
                ('signature', models.BinaryField(max_length=64)),
                ('public_key', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('lane', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('mac', models.BinaryField(max_length=64)),
                ('seal', models.BinaryField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane', models.PositiveSmallIntegerField()),
                ('seq', models.BigIntegerField()),
                ('body', models.TextField()),
                ('mac', models.BinaryField(max_length=64)),
                ('at', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('at', django.db.models.functions.comparison.Cast('body', models.JSONField())), models.BigIntegerField()), output_field=models.BigIntegerField())),
                ('kind', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('kind', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
                ('deed', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('deed', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
                ('actor', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('actor', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
                ('subject', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('subject', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
                ('office', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('office', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
                ('territory', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('territory', django.db.models.functions.comparison.Cast('body', models.JSONField())), output_field=models.TextField())),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-id'], name='audit_entry_subject'), models.Index(fields=['actor', '-id'], name='audit_entry_actor'), models.Index(fields=['deed', '-id'], name='audit_entry_deed')],
                'constraints': [models.UniqueConstraint(fields=('lane', 'seq'), name='audit_entry_lane_seq')],
            },
        ),
        AppendOnly('audit_entry'),
        AppendOnly('audit_checkpoint'),
    ]
