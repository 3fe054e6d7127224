"""Where rooms offer what they know to the whole city: measures, public datasets, map layers. Readers find them here without importing the room.

Not for: storing figures, deciding who may see a page, drawing charts or maps.
"""
