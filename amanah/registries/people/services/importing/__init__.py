"""Importing extracts: bring, check, load, undo (`deeds`); how a load goes (`loading`)."""
