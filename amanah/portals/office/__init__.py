"""The pages of those who work for the city: a home for each role, accounts and mandates, upkeep of offices and territories, the trail.

Not for: residents' own affairs (citizen), nor pages that need no sign-in (public).
"""
