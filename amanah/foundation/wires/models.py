"""The journal of calls that left the program."""
from django.db import models


class Call(models.Model):
    """One try of one call. Append-only; holds the template of the path, never its values, and bodies only as `rules.kept_body` allows."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Dijawab"
        REFUSED = "refused", "Ditolak"
        TEMPORARY = "temporary", "Gagal sementara"

    at = models.DateTimeField()
    wire = models.CharField(max_length=50)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=200)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(null=True)  # null: no answer at all
    error = models.CharField(max_length=60, blank=True)
    milliseconds = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField()
    key_hash = models.CharField(max_length=32, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    simulated = models.BooleanField()
    sent = models.TextField(blank=True)
    received = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["wire", "-id"], name="call_by_wire"), models.Index(fields=["request_id"], name="call_by_request")]
