"""Access: who may do what, where, and until when.

Accounts of residents, staff, evaluators and partners; roles as data; grants (role × office × territory, with dates); mandates (Plt, Plh, Pj);
duty sessions with a reason and an end instead of a permanent superuser. It turns an account into an `Actor` that every act asks.

Not for: knowing what a scope means (offices and territories are opaque paths here), the pages of sign-in (portals/shell/signin),
or who a person is in the population register.
"""
