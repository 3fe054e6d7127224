"""The tables of the audit record. `body` is the truth; the other columns are generated from it by the database and cannot disagree."""
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


def told(key: str, output: models.Field) -> models.GeneratedField:
    text = KeyTextTransform(key, Cast("body", models.JSONField()))
    return models.GeneratedField(expression=text if isinstance(output, models.TextField) else Cast(text, output), output_field=output, db_persist=True)


class Entry(models.Model):
    """One deed, read, refusal or sign-in. Never changed, never deleted: triggers refuse it on both databases."""

    class Kind(models.TextChoices):
        DEED = "deed"
        READ = "read"
        REFUSAL = "refusal"
        SIGN_IN = "sign_in"

    lane = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField()
    body = models.TextField()
    mac = models.BinaryField(max_length=64)
    at = told("at", models.BigIntegerField())  # microseconds since 1970, UTC
    kind = told("kind", models.TextField())
    deed = told("deed", models.TextField())
    actor = told("actor", models.TextField())
    subject = told("subject", models.TextField())
    office = told("office", models.TextField())
    territory = told("territory", models.TextField())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["lane", "seq"], name="audit_entry_lane_seq"),)
        indexes = (
            models.Index(fields=["subject", "-id"], name="audit_entry_subject"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["deed", "-id"], name="audit_entry_deed"),
        )


class Lane(models.Model):
    """The head of a lane: the last entry's number and mac, under a seal."""

    lane = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    mac = models.BinaryField(max_length=64)
    seal = models.BinaryField(max_length=64)


class Checkpoint(models.Model):
    """The heads of all lanes at one moment, signed. Append-only; copies are handed to another custodian."""

    number = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField()
    text = models.TextField()
    signature = models.BinaryField(max_length=64)
    public_key = models.TextField()
