"""Offices, the people who hold their positions, and the working calendar in versions.

Days are inclusive: `valid_to` and `until` are the last day on which the thing still is. A blank address, telephone or coordinate means
"not known"; nobody fills it by guessing.
"""
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Scope


class Kind(models.TextChoices):
    CITY = "city", _("Pemerintah kota")
    HEAD = "head", _("Kepala daerah")
    SEKRETARIAT = "sekretariat", _("Sekretariat")
    ASISTEN = "asisten", _("Asisten")
    STAF_AHLI = "staf_ahli", _("Staf ahli")
    BAGIAN = "bagian", _("Bagian")
    INSPEKTORAT = "inspektorat", _("Inspektorat")
    DINAS = "dinas", _("Dinas")
    BADAN = "badan", _("Badan")
    KANTOR = "kantor", _("Kantor")
    SATUAN = "satuan", _("Satuan")
    KECAMATAN = "kecamatan", _("Kecamatan")
    KELURAHAN = "kelurahan", _("Kelurahan")
    RSUD = "rsud", _("Rumah sakit umum daerah")
    PUSKESMAS = "puskesmas", _("Puskesmas")
    UPTD = "uptd", _("UPTD")
    PERUMDA = "perumda", _("Perusahaan umum daerah")
    EXTERNAL = "external", _("Instansi luar")


class Office(models.Model):
    """An office of the city, or an outside one that receives what is forwarded. `code` never changes; `path` says where it hangs."""

    code = models.SlugField(_("kode"), max_length=64, unique=True)
    path = models.CharField(_("jalur"), max_length=255, unique=True)
    name = models.CharField(_("nama"), max_length=200)
    abbreviation = models.CharField(_("singkatan"), max_length=60, blank=True)
    kind = models.CharField(_("jenis"), max_length=16, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("induk"))
    function_code = models.CharField(_("kode urusan"), max_length=40, blank=True)
    duties = models.TextField(_("tugas"), blank=True)
    # The code itself is the reference, so the scope of an office costs no join.
    territory = models.ForeignKey("territory.Territory", models.PROTECT, to_field="code", db_column="territory_code", null=True, blank=True,
                                  related_name="offices", verbose_name=_("wilayah"))
    hours_group = models.CharField(_("kelompok jam kerja"), max_length=80, blank=True)  # "" is the calendar's default group
    address = models.CharField(_("alamat"), max_length=250, blank=True)
    phone = models.CharField(_("telepon"), max_length=40, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    lat = models.FloatField(_("lintang"), null=True, blank=True)
    lng = models.FloatField(_("bujur"), null=True, blank=True)
    confirmed = models.BooleanField(_("sudah dipastikan"), default=False)
    source = models.TextField(_("sumber"), blank=True)
    note = models.TextField(_("catatan"), blank=True)
    valid_from = models.DateField(_("berlaku sejak"), null=True, blank=True)
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    # What the city file said when it was last loaded; an edit in the program survives until the file says something new about that very fact.
    stated = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("perangkat daerah")
        verbose_name_plural = _("perangkat daerah")
        ordering = ("path",)
        indexes = (models.Index(fields=["kind", "path"], name="offices_office_kind"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[value for value, _label in Kind.choices]), name="offices_office_kind_known"),
            models.CheckConstraint(condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="offices_office_days"),
            models.CheckConstraint(condition=Q(lat=None, lng=None) | Q(lat__isnull=False, lng__isnull=False), name="offices_office_point_whole"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        return Scope(office=self.path, territory=self.territory_id)

    def stands_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class FormerName(models.Model):
    """What an office was called up to and including `until`. A renaming keeps the office; this keeps the name."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=60, blank=True)
    until = models.DateField()
    legal_basis = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "until"], name="offices_formername_once_a_day"),)


class OfficeLink(models.Model):
    """From `day` on, the successor answers for (part of) what the predecessor did."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("berganti nama")
        MERGED = "merged", _("digabung")
        SPLIT = "split", _("dipecah")
        RAISED = "raised", _("ditingkatkan")

    predecessor = models.ForeignKey(Office, models.PROTECT, related_name="successor_links")
    successor = models.ForeignKey(Office, models.PROTECT, related_name="predecessor_links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    legal_basis = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["predecessor", "successor"], name="offices_link_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="offices_link_not_to_itself"),
            models.CheckConstraint(condition=Q(kind__in=["renamed", "merged", "split", "raised"]), name="offices_link_kind_known"),
        )


class Unit(models.Model):
    """A part of an office without an address of its own: a section, a sub-division."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="units")
    code = models.SlugField(max_length=64)
    name = models.CharField(_("nama"), max_length=200)
    confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["office", "code"], name="offices_unit_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        return self.office.scope


class Level(models.TextChoices):
    KEPALA_DAERAH = "kepala_daerah", _("Kepala daerah")
    WAKIL_KEPALA_DAERAH = "wakil_kepala_daerah", _("Wakil kepala daerah")
    SEKDA = "sekda", _("Sekretaris daerah")
    ASISTEN = "asisten", _("Asisten")
    STAF_AHLI = "staf_ahli", _("Staf ahli")
    KEPALA = "kepala", _("Kepala perangkat daerah")
    SEKRETARIS = "sekretaris", _("Sekretaris")
    KABAG = "kabag", _("Kepala bagian")
    KABID = "kabid", _("Kepala bidang")
    CAMAT = "camat", _("Camat")
    LURAH = "lurah", _("Lurah")
    KASI = "kasi", _("Kepala seksi")
    KASUBAG = "kasubag", _("Kepala subbagian")
    DIREKTUR = "direktur", _("Direktur")
    STAF = "staf", _("Staf")


class Position(models.Model):
    """A seat in an office, whether somebody holds it or not."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="positions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="positions")
    code = models.SlugField(max_length=64)
    title = models.CharField(_("jabatan"), max_length=200)
    level = models.CharField(_("jenjang"), max_length=24, choices=Level.choices)
    is_head = models.BooleanField(_("memimpin kantor"), default=False)
    confirmed = models.BooleanField(_("sudah dipastikan"), default=False)
    abolished_on = models.DateField(_("dihapus sejak"), null=True, blank=True)

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        constraints = (
            models.UniqueConstraint(fields=["office", "code"], name="offices_position_once"),
            models.UniqueConstraint(fields=["office"], condition=Q(is_head=True, abolished_on=None), name="offices_position_one_head"),
            models.CheckConstraint(condition=Q(level__in=[value for value, _label in Level.choices]), name="offices_position_level_known"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def scope(self) -> Scope:
        return self.office.scope


class Official(models.Model):
    """Somebody who holds, held or will hold a position. The employee number (NIP) is an identifier and is not kept here."""

    name = models.CharField(_("nama"), max_length=200)
    account_id = models.BigIntegerField(_("nomor akun"), null=True, blank=True, db_index=True)
    invented = models.BooleanField(_("rekaan untuk peragaan"), default=False)

    class Meta:
        verbose_name = _("pejabat")
        verbose_name_plural = _("pejabat")

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """An official in a position for a time.

    Definitive and Pj fill a seat; Plt and Plh act in it beside or instead of its holder, for a reason and until a day (UU 30/2014 art. 14).
    """

    class Kind(models.TextChoices):
        DEFINITIVE = "definitive", _("Definitif")
        PJ = "pj", _("Pj.")
        PLT = "plt", _("Plt.")
        PLH = "plh", _("Plh.")

    FILLING = (Kind.DEFINITIVE, Kind.PJ)
    ACTING = (Kind.PLT, Kind.PLH)

    official = models.ForeignKey(Official, models.PROTECT, related_name="appointments")
    position = models.ForeignKey(Position, models.PROTECT, related_name="appointments")
    kind = models.CharField(_("sifat"), max_length=10, choices=Kind.choices)
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    legal_basis = models.CharField(_("dasar"), max_length=250, blank=True)
    reason = models.CharField(_("alasan"), max_length=250, blank=True)
    end_reason = models.CharField(_("alasan berakhir"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("pengangkatan")
        verbose_name_plural = _("pengangkatan")
        indexes = (models.Index(fields=["position", "since"], name="offices_appointment_when"),)
        constraints = (
            # Overlapping periods with an end are refused by the act, under a lock; the open-ended case the database refuses by itself.
            models.UniqueConstraint(fields=["position"], condition=Q(kind__in=["definitive", "pj"], until=None),
                                    name="offices_appointment_one_holder"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="offices_appointment_days"),
            models.CheckConstraint(condition=Q(kind__in=["definitive", "pj"]) | (Q(until__isnull=False) & ~Q(reason="")),
                                   name="offices_appointment_acting_ends"),
            models.CheckConstraint(condition=Q(kind__in=["definitive", "pj", "plt", "plh"]), name="offices_appointment_kind_known"),
        )

    @property
    def scope(self) -> Scope:
        return self.position.scope


# ---------------------------------------------------------------- the working calendar

class CalendarVersion(models.Model):
    """One wording of the whole calendar, named by the hash of its content. Never changed; exactly one is current."""

    label = models.CharField(max_length=64, unique=True)
    joint_leave_counts = models.BooleanField(default=False)
    default_group = models.CharField(max_length=80)
    current = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["current"], condition=Q(current=True), name="offices_calendar_one_current"),)

    def __str__(self) -> str:
        return self.label[:12]


class Holiday(models.Model):
    """A day off in one version: decreed for the nation, joint leave, or of this city alone. `estimated`: no decree yet, computed."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=[("national", _("Libur nasional")), ("joint_leave", _("Cuti bersama")),
                                                    ("local", _("Libur daerah"))])
    confirmed = models.BooleanField()
    estimated = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=["version", "day"], name="offices_holiday_once"),
            models.CheckConstraint(condition=Q(kind__in=["national", "joint_leave", "local"]), name="offices_holiday_kind_known"),
        )


class HoursGroup(models.Model):
    """Offices that keep the same hours, in one version of the calendar."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="groups")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    base = models.CharField(max_length=80, blank=True)  # code of the group whose seasons hold here as well
    round_the_clock = models.BooleanField(default=False)
    open_on_joint_leave = models.BooleanField(default=False)
    confirmed = models.BooleanField()
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "code"], name="offices_hoursgroup_once"),)


class WorkingHours(models.Model):
    """The hours of a group on one weekday (0 is Monday) in one season. A weekday without a row in the season is closed."""

    group = models.ForeignKey(HoursGroup, models.PROTECT, related_name="hours")
    season = models.CharField(max_length=60)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    break_from = models.TimeField(null=True)
    break_to = models.TimeField(null=True)
    closes = models.TimeField()
    confirmed = models.BooleanField()
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("group", "valid_from", "weekday")
        constraints = (
            models.UniqueConstraint(fields=["group", "season", "weekday"], name="offices_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="offices_hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="offices_hours_order"),
        )
