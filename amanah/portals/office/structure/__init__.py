"""What changes the city's own structure: offices that open, are renamed or close, who signs in as which official, names of territories, and
the other applications that sign people in with our accounts. Grave and rare, so all of it needs a duty session. Daily care is `upkeep`.
"""
