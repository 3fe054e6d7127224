"""The drawing of docs/house.md, checked against the code."""
