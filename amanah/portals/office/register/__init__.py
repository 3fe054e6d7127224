"""The register of people as officials work with it: finding somebody, their page and their family's, the forms of what happened, RW and rosters.

Every page about people names a purpose, chosen once while signed in (`purpose`), and records the look before anything is shown.
No name and no number stands in an address: what was searched for is kept, sealed, with the session.
"""
