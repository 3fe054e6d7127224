"""How many there are: strips of counted residents that follow the register, and positions that are frozen for good."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanah.registries.territory.models import Territory


class Strip(models.Model):
    """Everybody who lives in one RW (or in a wider place, where the RW is not known), each as one number that holds what is counted of them.

    About eight bytes a resident: every table of the city is computed from some hundred such rows. See rules.counting.
    """

    place = models.OneToOneField(Territory, on_delete=models.PROTECT, primary_key=True, related_name="+")
    marks = models.BinaryField()                  # rules.counting.pack


class Shift(models.Model):
    """A resident who came or left, or now counts differently, since the strips were last brought up to date: what a reader adds to them."""

    sign = models.SmallIntegerField()             # +1 came, -1 left
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", db_index=False)
    sex = models.PositiveSmallIntegerField()
    born = models.DateField()
    religion, marital, education, occupation, relation, blood, citizenship, disability = (
        models.PositiveSmallIntegerField(null=True) for _n in range(8))


class Counting(models.Model):
    """Which state the strips are in, and whether they must be counted anew (one row).

    `edition` grows with every change of the strips and with everything that makes them stale; whoever counted finds out that they were overtaken.
    """

    stale = models.BooleanField(default=True)
    edition = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="people_counting_is_one_row", condition=Q(id=1))]


class Position(models.Model):
    """The counts of one day, frozen with a hash: semester positions as the national consolidation has them (DKB, 30 June and 31 December)."""

    day = models.DateField()
    known_at = models.DateTimeField()
    edition = models.PositiveSmallIntegerField(default=1)  # a later freezing of the same day stands beside the earlier, never instead
    digest = models.CharField(max_length=64)               # SHA-256 of `body`
    body = models.TextField()                              # the counts as canonical JSON, see queries.positions
    people = models.PositiveIntegerField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("posisi beku")
        constraints = [models.UniqueConstraint(fields=["day", "edition"], name="people_position_once")]
