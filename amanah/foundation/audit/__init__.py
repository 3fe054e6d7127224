"""What happened, by whom, where and why: append-only at the database, chained with a key, checkpointed daily under a signature.

Deeds, reads of protected data with their purpose, refusals and sign-ins are entries. The chain has many lanes, so that
writers never queue behind one another (docs/decisions/0013-audit-lanes.md); a verifier that needs only Python's standard
library checks an export outside the application.

Not for: debugging (that is the request log), nor for deciding anything; names of people do not stand here, only references.
"""
