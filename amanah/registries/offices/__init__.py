"""The offices of the city: which there are and were, who follows whom, who holds which position since when, and when each is open.

Offices are versioned facts with a source and a mark "confirmed"; a reorganisation closes one and names its successors, it deletes nothing.
The working calendar (holidays, joint leave, office hours) lives here because hours belong to offices; each version of it stays readable, so that
a due date of last year can be computed again. Not for: accounts and grants (access), community heads such as RT and RW (people), deadlines
of any particular affair (engine).
"""
