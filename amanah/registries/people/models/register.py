"""Persons, families, and what happened to them."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Scope
from amanah.registries.territory.models import Territory

from ..rules import codes


class Source(models.Model):
    """Where facts come from: SIAK extracts, a kelurahan's counter, the demonstration. `columns` is the saved column mapping of its files."""

    code = models.CharField(max_length=50, unique=True)
    name = models.CharField(_("nama"), max_length=200)
    master = models.BooleanField(default=False)  # the national register: what it says confirms or contradicts the others
    columns = models.JSONField(default=dict)     # field of ours → heading of theirs

    class Meta:
        verbose_name = _("sumber data")

    def __str__(self) -> str:
        return self.name


class Extract(models.Model):
    """One file of a source on its way into the register: how far it is, what came of it, and whether it was undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Diunggah")
        CHECKED = "checked", _("Diperiksa")
        RUNNING = "running", _("Sedang dimuat")
        STOPPED = "stopped", _("Terhenti, bisa dilanjutkan")
        DONE = "done", _("Selesai")
        UNDONE = "undone", _("Dibatalkan")
        REFUSED = "refused", _("Ditolak")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="extracts")
    name = models.CharField(_("nama berkas"), max_length=200)
    digest = models.CharField(max_length=64)             # SHA-256 of the file
    position = models.DateField(_("posisi data"))        # the day whose state the extract shows
    complete = models.BooleanField(default=False)        # holds everybody: who is missing has left
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file = models.UUIDField(null=True)                   # the uploaded file (files room), while it is needed
    report = models.UUIDField(null=True)                 # rejected rows with reasons (files room)
    rows = models.PositiveIntegerField(default=0)        # in the file, as far as counted
    reached = models.PositiveIntegerField(default=0)     # rows that are in the register for good
    counts = models.JSONField(default=dict)              # new, changed, unchanged, rejected, warned, missing, by reason
    by = models.CharField(max_length=100)                # who brought it
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)          # since then none of its events count

    class Meta:
        verbose_name = _("ekstrak")
        indexes = [models.Index(fields=["-id"], name="people_extract_newest"), models.Index(fields=["digest"], name="people_extract_digest")]

    def __str__(self) -> str:
        return self.name


class Family(models.Model):
    """A family card (KK). Its members are the persons whose `family` it is; its head is the one whose relation is 1."""

    number = models.BinaryField(null=True)                                  # KK number, sealed under the label "kk"
    number_key = models.BinaryField(max_length=16, null=True, unique=True)  # by which it is found
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(_("alamat"), max_length=200, blank=True)     # street and house; RT and RW are the place
    search = models.CharField(max_length=200, blank=True)                   # the address as it is searched
    ended = models.BooleanField(default=False)                              # no members any more, or merged into another
    provisional = models.BooleanField(default=False)
    event = models.BigIntegerField(default=0)                               # the last event of this family: who changes it says which one they saw

    class Meta:
        verbose_name = _("keluarga")
        verbose_name_plural = _("keluarga")

    @property
    def scope(self) -> Scope:
        """Where it lives; reads the place."""
        return Scope(office=None, territory=self.place.code)


def coded(name: str, **how: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True, choices=list(codes.LISTS[name].items()), **how)  # type: ignore[arg-type]


class Counted(models.Model):
    """What is counted of a person, and where they belong: the same columns now and in the past."""

    status = models.PositiveSmallIntegerField(choices=list(codes.STATUS.items()))
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    sex = models.PositiveSmallIntegerField(choices=list(codes.SEX.items()))
    born = models.DateField()
    religion = coded("religion")
    marital = coded("marital")
    education = coded("education")
    occupation = coded("occupation")
    relation = coded("relation")
    blood = coded("blood")
    citizenship = coded("citizenship")
    disability = coded("disability")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="%(class)ss")
    valid_from = models.DateField()          # since when this holds
    recorded_at = models.DateTimeField()     # since when we know
    event = models.BigIntegerField()         # the event that began it
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Person(Counted):
    """Somebody as they stand now. Never deleted: who died or moved away keeps the row, with another status."""

    search = models.CharField(max_length=200)                               # kernel.names.search_key of the name
    birthplace = models.CharField(max_length=100, blank=True)
    nik = models.BinaryField(null=True)                                     # sealed under the label "nik"; None: has none yet
    nik_key = models.BinaryField(max_length=16, null=True, unique=True)     # by which it is found
    phone = models.BinaryField(null=True)                                   # sealed under "phone"
    mother_name = models.BinaryField(null=True)                             # sealed under "mother_name": banks ask for it
    father_name = models.CharField(max_length=200, blank=True)
    mother = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children_of_mother", db_index=False)
    father = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children_of_father", db_index=False)
    provisional = models.BooleanField(default=False)                        # heard of here first; SIAK has not confirmed it yet
    restricted = models.BooleanField(default=False)                         # the person asked us to stop using it (UU 27/2022): only look-ups they need
    fingerprint = models.BigIntegerField(null=True)                         # of the last extract row: an equal one changes nothing

    class Meta:
        verbose_name = _("penduduk")
        verbose_name_plural = _("penduduk")
        indexes = [
            models.Index(fields=["born"], name="people_person_born"),
            models.Index(fields=["mother"], condition=Q(mother__isnull=False), name="people_person_mother"),
            models.Index(fields=["father"], condition=Q(father__isnull=False), name="people_person_father"),
            models.Index(fields=["id"], condition=Q(provisional=True), name="people_person_provisional"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["family"], condition=Q(relation=codes.HEAD, status=codes.RESIDENT), name="people_one_head_a_family"),
            models.CheckConstraint(condition=Q(sex__in=codes.SEX), name="people_person_sex_known"),
            models.CheckConstraint(condition=Q(status__in=codes.STATUS), name="people_person_status_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """Where they live; reads the place."""
        return Scope(office=None, territory=self.place.code)


class Past(Counted):
    """A state that held before, or was believed to hold. Written when an event replaces it; afterwards only `replaced_at` may still be set.

    It stood on the day d, as known at the moment k, when recorded_at ≤ k < replaced_at, valid_from ≤ d, and (k < closed_at or d < valid_until).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="past")
    valid_until = models.DateField()         # the first day on which it no longer held
    closed_at = models.DateTimeField()       # since when we know that it ended; until then it counted as lasting
    replaced_at = models.DateTimeField(null=True)  # since when we know that it never was so: corrected, undone, or rewritten by a late event

    class Meta:
        verbose_name = _("keadaan terdahulu")
        verbose_name_plural = _("keadaan terdahulu")


class Event(models.Model):
    """Something that happened, as somebody told us. Never changed, never deleted; a correction is another event, and so is an undoing."""

    class Kind(models.TextChoices):
        REGISTER = "register", _("Tercatat pertama kali")
        BIRTH = "birth", _("Kelahiran")
        STILLBIRTH = "stillbirth", _("Lahir mati")
        DEATH = "death", _("Kematian")
        MOVE_IN = "move_in", _("Pindah datang")
        MOVE_OUT = "move_out", _("Pindah keluar")
        MOVE = "move", _("Pindah dalam kota")
        MARRIAGE = "marriage", _("Perkawinan")
        DIVORCE = "divorce", _("Perceraian")
        ADOPTION = "adoption", _("Pengangkatan anak")
        RECOGNITION = "recognition", _("Pengakuan anak")
        NAME = "name", _("Perubahan nama")
        UPDATE = "update", _("Perubahan biodata")
        CORRECTION = "correction", _("Pembetulan")
        NEW_FAMILY = "new_family", _("KK baru")
        SPLIT = "split", _("Pisah KK")
        MERGE = "merge", _("Gabung KK")
        HEAD = "head", _("Ganti kepala keluarga")
        KK_NUMBER = "kk_number", _("Nomor KK baru")
        CONFIRM = "confirm", _("Dipastikan sumber")
        CONTRADICT = "contradict", _("Disangkal sumber")
        UNDO = "undo", _("Dibatalkan")
        SAME = "same", _("Dinyatakan orang yang sama")
        LINK = "link", _("Orang tua dihubungkan")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="events")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, null=True, related_name="events", db_index=False)
    provisional = models.BooleanField(default=False)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers", db_index=False)  # the event it confirms, contradicts, undoes
    together = models.BigIntegerField(null=True)  # the first event of the same deed
    changes = models.TextField(default="{}")      # JSON of rules.state.FIELDS → value; sealed ones in base64
    actor = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=200, blank=True)  # number of the certificate or letter

    class Meta:
        verbose_name = _("peristiwa")
        verbose_name_plural = _("peristiwa")
        indexes = [
            models.Index(fields=["valid_from", "id"], name="people_event_day"),
            models.Index(fields=["extract", "id"], condition=Q(extract__isnull=False), name="people_event_extract"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="people_event_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from}"
