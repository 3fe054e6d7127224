"""Amanah: one trusted house for a city's digital affairs. The floors and rooms are drawn in docs/house.md."""
