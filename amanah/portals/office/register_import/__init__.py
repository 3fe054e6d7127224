"""Bringing extracts of the population administration in: upload, columns, trial, load, report, undoing."""
