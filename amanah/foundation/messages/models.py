"""Messages as they were told, and every attempt to bring them to somebody. Addresses stand in the deliveries only, and not for ever."""
import uuid

from django.db import models
from django.db.models import Q


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"


class Message(models.Model):
    """One message to one person. For somebody with an account it is also what stands in the inbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=100)
    account_id = models.BigIntegerField(null=True)  # an account of the access room, which stands above this one
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    sensitive = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    dedupe_key = models.CharField(max_length=150, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-created_at", "-id"], name="message_inbox"),
            models.Index(fields=["account_id"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]


class State(models.TextChoices):
    """As in GOV.UK Notify, plus the two for channels that stand in reserve."""

    HELD = "held", "Cadangan"
    CREATED = "created", "Menunggu dikirim"
    SENDING = "sending", "Sedang dikirim"
    DELIVERED = "delivered", "Sampai"
    TEMPORARY = "temporary-failure", "Belum sampai"
    PERMANENT = "permanent-failure", "Alamat tidak dapat dicapai"
    TECHNICAL = "technical-failure", "Gangguan di pihak kami"
    NOT_NEEDED = "not-needed", "Tidak diperlukan"



class Delivery(models.Model):
    """One message by one channel. `text` is exactly what leaves; `address` is blanked when it is no longer needed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    rank = models.PositiveSmallIntegerField()  # 0 is tried first
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=17, choices=State.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    provider_ref = models.CharField(max_length=100, blank=True)
    error = models.CharField(max_length=60, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "rank"], name="delivery_one_per_rank")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="created"), name="delivery_to_send"),
            models.Index(fields=["changed_at"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["channel", "provider_ref"], condition=~Q(provider_ref=""), name="delivery_by_ref"),
        ]
