"""Plain Python that every other room may use: clock, rupiah, identifiers, errors, paging, names, reading the environment.

Not for: anything that needs Django, a database or the web.
"""
