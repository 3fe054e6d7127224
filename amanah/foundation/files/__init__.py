"""Stored files: what came in is what it says it is, is not too large, carries no place of a photograph, and leaves only through a permission.

Not for: the program's own assets (static files), nor for letters that the city itself makes and signs (`engine.letters` stores them here).
"""
