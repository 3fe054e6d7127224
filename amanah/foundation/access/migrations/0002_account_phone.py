from django.db import migrations, models


class Migration(migrations.Migration):
    """Accounts may have a telephone, sealed. Taking it back loses the numbers."""

    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField("account", "phone", models.BinaryField(editable=False, null=True)),
        migrations.AddField("account", "phone_key", models.BinaryField(db_index=True, editable=False, max_length=16, null=True)),
    ]
