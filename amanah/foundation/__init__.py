"""The floor everything stands on: the one door for changes (acts), who may do what (access), what happened (audit), and the plumbing beneath."""
