"""What was taken off tables for the length of a great load, written down so that a killed load leaves no table without its indexes."""
from django.db import models


class Aside(models.Model):
    """One index, constraint or text index that stands aside: the statement that puts it back. Put back in the order of the ids."""

    table = models.CharField(max_length=63)
    name = models.CharField(max_length=63)
    statement = models.TextField()
