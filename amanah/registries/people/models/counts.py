"""How many there are: counted cells that follow the register, and positions that are frozen for good."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanah.registries.territory.models import Territory



class Cell(models.Model):
    """How many residents of a sex and an age band share one code of one list in one RW (or kelurahan, where the RW is not known)."""

    measure = models.PositiveSmallIntegerField()  # 0: all; otherwise the place of the list in rules.codes.COUNTED, from 1
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", db_index=False)
    sex = models.PositiveSmallIntegerField()
    band = models.PositiveSmallIntegerField()     # first year of the age band
    code = models.PositiveSmallIntegerField()     # 0: not stated
    people = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "place", "sex", "band", "code"], name="people_cell_once")]


class Shift(models.Model):
    """A resident who came into or left a cell since the cells were last brought up to date: what a reader adds to them."""

    sign = models.SmallIntegerField()             # +1 came, -1 left
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", db_index=False)
    sex = models.PositiveSmallIntegerField()
    born = models.DateField()
    religion, marital, education, occupation, relation, blood, citizenship, disability = (
        models.PositiveSmallIntegerField(null=True) for _n in range(8))


class Counting(models.Model):
    """For which day the cells hold, and whether they must be counted anew (one row)."""

    day = models.DateField(null=True)
    stale = models.BooleanField(default=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="people_counting_is_one_row", condition=Q(id=1))]


class Position(models.Model):
    """The counts of one day, frozen with a hash: semester positions as the national consolidation has them (DKB, 30 June and 31 December)."""

    day = models.DateField()
    known_at = models.DateTimeField()
    edition = models.PositiveSmallIntegerField(default=1)  # a later freezing of the same day stands beside the earlier, never instead
    digest = models.CharField(max_length=64)               # SHA-256 of `body`
    body = models.TextField()                              # the cells as canonical JSON
    people = models.PositiveIntegerField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("posisi beku")
        constraints = [models.UniqueConstraint(fields=["day", "edition"], name="people_position_once")]


