"""Accounts of those who work for the city: who there is, what they hold and why, and the acts that change it."""
