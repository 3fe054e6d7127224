"""Entries that may be one person: the list, two entries side by side, the decision, and taking it back.

Whoever looks does so for one purpose (`data_ganda`), recorded before anything is shown. Sealed fields say only whether they agree.
"""
