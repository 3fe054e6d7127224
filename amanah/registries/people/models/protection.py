"""What a person may ask of us about their own data (UU 27/2022 arts 5 to 13), with its clock."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import EVERYWHERE, Scope

from .register import Person


class Request(models.Model):
    """A data-subject request: access, copy, correction, restriction, or a question about somebody's look at one's data. Due in 3 x 24 hours."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Melihat data saya")
        COPY = "copy", _("Salinan data saya")
        CORRECTION = "correction", _("Pembetulan data")
        RESTRICTION = "restriction", _("Pembatasan penggunaan")
        LIFTING = "lifting", _("Pencabutan pembatasan")
        QUESTION = "question", _("Pertanyaan tentang pembukaan data")

    class State(models.TextChoices):
        OPEN = "open", _("Menunggu jawaban")
        DONE = "done", _("Dipenuhi")
        REFUSED = "refused", _("Ditolak dengan alasan")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="requests")
    account = models.BigIntegerField()                    # who asked: access.Account
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    text = models.TextField(blank=True)                   # in the person's own words
    entry = models.BigIntegerField(null=True)             # the entry of the record that is questioned
    field = models.CharField(max_length=20, blank=True)   # what is to be corrected
    wanted = models.BinaryField(null=True)                # the value it should have, sealed under "request"
    file = models.UUIDField(null=True)                    # the copy that was made (files room)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("permintaan pemilik data")
        indexes = [models.Index(fields=["state", "due_at", "id"], name="people_request_due"),
                   models.Index(fields=["account", "-id"], name="people_request_mine")]

    @property
    def scope(self) -> Scope:
        """Where the person lives; reads person and place."""
        return self.person.scope if self.person else EVERYWHERE


class Tie(models.Model):
    """The account of somebody whose identity was checked: by it a resident sees their own entry. One account, one person."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="tie")
    account = models.BigIntegerField(unique=True)         # access.Account
    how = models.CharField(max_length=20)                 # "counter": shown an identity card to an official; "demo"
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("akun penduduk")

    @property
    def scope(self) -> Scope:
        """Where the person lives; reads person and place."""
        return self.person.scope


class Sighting(models.Model):
    """A person stood in a list that somebody was shown. The audit record has the entry of the list; this says who was in it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    deed = models.CharField(max_length=60)
    purpose = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("kemunculan dalam daftar")
        indexes = [models.Index(fields=["person", "-at"], name="people_sighting_of")]
