"""Events on their way to handlers, what became of each delivery, when scheduled work last ran, and which workers are alive."""
from django.db import models
from django.db.models import F, Q


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction that made it happen (`outbox.put`)."""

    name = models.CharField(max_length=100)
    payload = models.TextField()  # JSON; text, because nobody searches in it
    actor = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(dispatched_at__isnull=True), name="outbox_undispatched")]


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Dalam antrean"
    WAITING = "waiting", "Menunggu dicoba lagi"
    DONE = "done", "Selesai"
    PARKED = "parked", "Perlu dilihat"


class Delivery(models.Model):
    """One event for one handler. The handler's own transaction marks it done: that is what makes the effect happen exactly once."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    handler = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # the kind of failure, never its text: texts may hold personal data

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_per_handler")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(F("id").desc(), condition=Q(state="parked"), name="delivery_parked"),
        ]


class ScheduledWork(models.Model):
    """The last time each scheduled function was due and ran. `busy` keeps one run from overlapping the next."""

    name = models.CharField(max_length=200, primary_key=True)
    last_due = models.DateTimeField()
    busy = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)


class Worker(models.Model):
    """A worker process and its latest sign of life; a job whose worker has fallen silent is given to another."""

    id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
