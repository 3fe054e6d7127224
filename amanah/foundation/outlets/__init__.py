"""Where rooms offer what they know to the whole city: measures, public datasets, map layers. Readers find them here without importing the room.

Not for: storing figures, deciding who may see a page, drawing charts or maps.
"""
from amanah.foundation.outlets.offers import (
    Column,
    Dataset,
    MapLayer,
    Measure,
    column,
    dataset,
    datasets,
    emptied,
    layer,
    layers,
    measure,
    measures,
    offer,
)
from amanah.foundation.outlets.queries import PublicTable, Value, published, read
from amanah.foundation.outlets.rules import Period, Reading

__all__ = [
    "Column", "Dataset", "MapLayer", "Measure", "Period", "PublicTable", "Reading", "Value", "column", "dataset", "datasets", "emptied", "layer",
    "layers", "measure", "measures", "offer", "published", "read",
]
