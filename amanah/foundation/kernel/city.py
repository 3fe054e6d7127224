"""The face of one city: its names, its emergency number, where it lies. Read from `city.yaml` in the city's folder; the code names no city."""
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from amanah.foundation.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class City:
    """What pages, messages and letters say about the city they serve."""

    code: str               # Kemendagri code of the city, "NN.NN"
    brand: str              # value of data-brand on <html>, for a sheet that overrides the ramps
    name: str               # "Kota X"
    short_name: str         # "X"
    government: str         # "Pemerintah Kota X"
    province: str
    language: str           # language in which texts are written when nobody chose one
    zone_name: str          # "WIB"
    emergency: str          # telephone number
    emergency_note: str
    centre: tuple[float, float]   # longitude, latitude: where a map begins
    security_contact: str   # mailto: or https: address for security reports; "" when the city has not named one
    source: str             # where these facts come from


@lru_cache(maxsize=4)
def load(folder: Path) -> City:
    """The city described in `folder`/city.yaml. Read once per process; a missing or misspelt entry is `Invalid` and names the entry."""
    path = folder / "city.yaml"
    if not path.is_file():
        raise Invalid(f"Tidak ada {path.name} di folder kota {folder.name}.", file=path.name)
    given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    known = set(City.__dataclass_fields__)
    if wrong := set(given) - known:
        raise Invalid(f"{path.name}: isian tidak dikenal: {', '.join(sorted(wrong))}", **dict.fromkeys(wrong, "tidak dikenal"))
    optional = {"security_contact": "", "source": "", "emergency_note": "", "brand": folder.name, "zone_name": "WIB", "language": "id"}
    if missing := known - set(given) - set(optional):
        raise Invalid(f"{path.name}: isian belum ada: {', '.join(sorted(missing))}", **dict.fromkeys(missing, "belum ada"))
    lon, lat = given.pop("centre")
    return City(centre=(float(lon), float(lat)), **{**optional, **{key: str(value) for key, value in given.items()}})
