"""The words that occur in names: what a misspelt or half-typed name is compared with, instead of a million names."""
from django.db import models


class Word(models.Model):
    """One word of the searchable names, as kernel.names.search_key writes it."""

    word = models.CharField(max_length=60, unique=True)
