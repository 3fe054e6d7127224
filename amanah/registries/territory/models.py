"""Territories, the other names they go by, their boundaries, and the edition of the whole map."""
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Scope

from .rules import codes


class Level(models.TextChoices):
    PROVINCE = "province", _("Provinsi")
    CITY = "city", _("Kota")
    KECAMATAN = "kecamatan", _("Kecamatan")
    KELURAHAN = "kelurahan", _("Kelurahan")
    RW = "rw", _("RW")
    RT = "rt", _("RT")


class Territory(models.Model):
    """One territory. Its `code` is a dotted path and never changes; its name may, and a former name stays findable as an alias."""

    code = models.CharField(max_length=40, unique=True)
    level = models.CharField(max_length=9, choices=Level.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120, blank=True)   # blank for RW and RT, which have a number
    label = models.CharField(max_length=4, blank=True)    # number of an RW or RT, "003"; unique only inside its parent
    bps_code = models.CharField(max_length=13, blank=True)  # BPS numbers in another order: always through this column, never by text
    lat = models.FloatField(null=True, blank=True)        # a point inside or near, degrees WGS84
    lng = models.FloatField(null=True, blank=True)
    sea = models.CharField(max_length=1, blank=True)      # cities: the side on which the open sea lies, N E S W
    modelled = models.BooleanField(default=False)         # made for the demonstration, not a fact
    valid_from = models.DateField(null=True, blank=True)  # None: since before our records
    valid_to = models.DateField(null=True, blank=True)    # the last day on which it holds; None: until further notice
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("wilayah")
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="territory_level")]
        constraints = [
            models.CheckConstraint(name="territory_province_is_root", condition=(
                Q(level="province", parent=None) | (~Q(level="province") & Q(parent__isnull=False)))),
            models.CheckConstraint(name="territory_label_is_for_rw_and_rt", condition=(
                Q(level__in=codes.NEIGHBOURHOODS) & ~Q(label="")) | (~Q(level__in=codes.NEIGHBOURHOODS) & Q(label="") & ~Q(name=""))),
            models.CheckConstraint(name="territory_point_is_whole", condition=(
                Q(lat=None, lng=None) | Q(lat__isnull=False, lat__range=(-90, 90), lng__isnull=False, lng__range=(-180, 180)))),
            models.CheckConstraint(name="territory_sea_is_a_side", condition=Q(sea__in=("", "N", "E", "S", "W"))),
            models.CheckConstraint(name="territory_ends_after_it_begins", condition=(
                Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")))),
            models.UniqueConstraint(name="territory_label_once_in_parent", fields=["parent", "label"], condition=Q(valid_to=None) & ~Q(label="")),
            models.UniqueConstraint(name="territory_bps_code_once", fields=["bps_code"], condition=~Q(bps_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.label or self.name}"

    @property
    def scope(self) -> Scope:
        """Where this territory belongs: to itself, and to no office."""
        return Scope(office=None, territory=self.code)


class AliasKind(models.TextChoices):
    SPELLING = "spelling", _("Ejaan lain")
    FORMER = "former", _("Nama lama")
    POPULAR = "popular", _("Sebutan")


class TerritoryAlias(models.Model):
    """Another name under which people look for a territory."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, db_index=True)  # rules.codes.key(name)
    kind = models.CharField(max_length=8, choices=AliasKind.choices, default=AliasKind.SPELLING)
    until = models.DateField(null=True, blank=True)        # former names: the last day on which it was the name
    confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("nama lain wilayah")
        constraints = [models.UniqueConstraint(name="alias_once_per_territory", fields=["territory", "key"])]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The shape of a territory. Those above the kelurahan are unions of theirs, so that all levels always agree."""

    territory = models.OneToOneField(Territory, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.TextField()         # GeoJSON Polygon or MultiPolygon, degrees WGS84, longitude first
    simplified = models.TextField()       # the same for screens: fewer corners, and still edge to edge with the neighbours
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    area_m2 = models.BigIntegerField()
    official = models.BooleanField()      # False: grown from centre points, to be shown as "batas perkiraan"
    source = models.CharField(max_length=300, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("batas wilayah")

    def __str__(self) -> str:
        return f"{self.territory_id}"


class Edition(models.Model):
    """Which state of the map is in force: one row with a fresh token after every change, by which every process knows its copy is old."""

    token = models.CharField(max_length=32)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("edisi peta")
        constraints = [models.CheckConstraint(name="edition_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return self.token
