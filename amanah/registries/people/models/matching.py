"""Pairs that may be one person."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Scope

from .register import Person


class Pair(models.Model):
    """Two entries that resemble each other, how much, and what was decided. The older entry is `first`."""

    class State(models.TextChoices):
        OPEN = "open", _("Perlu diperiksa")
        SAME = "same", _("Orang yang sama")
        DIFFERENT = "different", _("Orang berbeda")
        UNSURE = "unsure", _("Belum bisa dipastikan")

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)   # what agrees and what differs, by field, without the values
    origin = models.CharField(max_length=20)   # "match": the whole register; "write": found when somebody was entered
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    event = models.BigIntegerField(null=True)  # the event that the decision became
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dugaan data ganda")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="people_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="people_pair_in_order"),
        ]
        indexes = [models.Index(fields=["state", "-probability", "id"], name="people_pair_open")]

    @property
    def scope(self) -> Scope:
        """Where the older entry lives; reads it. Whoever decides must reach both."""
        return self.first.scope
