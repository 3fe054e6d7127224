"""A city of people who never lived: how many there are follows published totals, everything else is modelled and says so (docs/demonstration-city.md).

Pure and deterministic: the same content, places, seed and days invent the same people, byte by byte. No database, no Django: `services.invention`
writes what is made here. A large city is invented in parts (`parts`), each a small world of whole kelurahan whose people marry and move
among one another; so a million people need no more memory than fifty thousand, and two processors share the work.
"""
