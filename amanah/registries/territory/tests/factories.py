"""A small invented city for tests of every room: two kecamatan, six kelurahan in a row of squares, the sea in the west."""
from amanah.foundation.kernel.actor import Actor
from amanah.registries.territory import queries, services
from amanah.registries.territory.models import Territory
from amanah.registries.territory.rules.tables import Register, read_register

TERRITORY = """\
# source: invented for tests
code,name,level,parent,lat,lng,sea
91,Provinsi Contoh,province,,,,
91.01,Kota Contoh,city,91,,,W
91.01.01,Pasar,kecamatan,91.01,,,
91.01.01.1001,Pasar Lama,kelurahan,91.01.01,-1.000,100.000,
91.01.01.1002,Aie Janiah,kelurahan,91.01.01,-1.000,100.010,
91.01.01.1003,Koto Baru,kelurahan,91.01.01,-1.000,100.020,
91.01.02,Bukit,kecamatan,91.01,,,
91.01.02.1001,Koto Baru,kelurahan,91.01.02,-0.990,100.000,
91.01.02.1002,Bukit,kelurahan,91.01.02,-0.990,100.010,
91.01.02.1003,Ladang Tinggi,kelurahan,91.01.02,-0.990,100.020,
"""
ALIASES = """\
code,alias,kind,confirmed,source
91.01.01.1002,Air Jernih,spelling,no,invented for tests
"""
BPS = """\
code,bps_code
91.01.01,9101020
91.01.02,9101010
"""
PASAR_LAMA, AIE_JANIAH = "91.01.01.1001", "91.01.01.1002"


def register(territory: str = TERRITORY, aliases: str = ALIASES, bps: str = BPS) -> Register:
    """The tables of the invented city, read and checked."""
    return read_register(("territory.csv", territory), ("territory_aliases.csv", aliases), ("territory_bps.csv", bps))


def small_city() -> dict[str, Territory]:
    """Load the invented city; its territories by code."""
    services.load(Actor.system("tests"), register=register())
    queries.forget()
    return {territory.code: territory for territory in Territory.objects.all()}


def neighbourhood(kelurahan: Territory, rw: str = "001", rts: tuple[str, ...] = ("001", "002")) -> Territory:
    """An RW with RT beneath it; returns the RW."""
    services.add_neighbourhoods(Actor.system("tests"), kelurahan, plan={rw: rts}, source="invented for tests", modelled=True)
    return Territory.objects.get(parent=kelurahan, label=rw, valid_to=None)


def square(west: float, south: float, side: float = 0.01) -> dict[str, object]:
    """A square as GeoJSON, degrees."""
    east, north = west + side, south + side
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def squares() -> dict[str, dict[str, object]]:
    """A square of about 1.1 km around the centre point of each kelurahan: together they fit edge to edge."""
    centres = {entry.code: (entry.lng, entry.lat) for entry in register().entries if entry.lng is not None and entry.lat is not None}
    return {code: square(lng - 0.005, lat - 0.005) for code, (lng, lat) in centres.items()}
