"""Calls to the outside world: where they may go, with which credentials, how often they are repeated, and a journal of them.

A partner is declared once with `wire.Wire(...)` in the room that talks to it; its sandbox twin (`wires.sandbox.Twin`) stands beside it, so that the
whole city runs on a laptop. Without a configured address nothing leaves the machine.

Not for: knowing any particular partner. That is the work of a room's `adapters/`.
"""
