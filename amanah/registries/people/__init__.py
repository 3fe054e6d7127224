"""The register of people: persons, families, what happened to them, and the register as it stood on any day.

The national register (SIAK) is the master; this is the city's working copy, and every fact in it names the source it came from. What happened is
kept for good (`Event`, append-only); what holds now (`Person`, `Family`) and what held before (`Past`) are computed from it. Identifiers are sealed.

Not for: deciding who gets which help (domains), publishing statistics (outlets does, from what is offered here), letters.
"""
