"""The maps moved to amanah/portals/shell/maps.py: the staff's home draws them too."""
from amanah.portals.shell.maps import city_map, kecamatan_map

__all__ = ["city_map", "kecamatan_map"]
