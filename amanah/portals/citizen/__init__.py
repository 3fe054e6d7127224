"""The pages of a resident who signed in: their messages, their account, and who looked at it.

Not for: pages that need no sign-in (public), nor for staff (office).
"""
