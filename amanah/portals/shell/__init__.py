"""The shell: layout, components, error pages, theme and language, the menu, the request log.

Everything that pages of all audiences share. It knows no other portal: a portal enters its pages into the menu (`menu.enter`)
and extends a layout. Not for: reading the city's data, deciding who may do what.
"""
