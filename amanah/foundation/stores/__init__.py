"""The only three places where SQLite and PostgreSQL differ: text search, bulk load and the append-only guard; beside them keyset paging.

Not for: business rules, models of other rooms, anything that only one of the two databases can do.
"""
