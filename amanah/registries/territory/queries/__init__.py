"""Reads of the territory room. The map from province to kelurahan is public and small: it is held in memory and answers without the database.

RW and RT are asked of the database. Every process notices a changed map within a second (`still`).
"""
from .maps import MapFacts, SvgMap, SvgShape, geojson, map_facts, svg_map, touches
from .places import Inside, Outside, describe, locate
from .register import (
    ancestors,
    by_code,
    by_codes,
    children,
    city,
    full_title,
    neighbourhoods,
    of_level,
    official_boundaries,
    parts_with_official_boundary,
    search,
)
from .rows import TerritoryRow
from .still import forget

__all__ = [
    "Inside", "MapFacts", "Outside", "SvgMap", "SvgShape", "TerritoryRow", "ancestors", "by_code", "by_codes", "children", "city", "describe",
    "forget", "full_title", "geojson", "locate", "map_facts", "neighbourhoods", "of_level", "official_boundaries",
    "parts_with_official_boundary", "search", "svg_map", "touches",
]
