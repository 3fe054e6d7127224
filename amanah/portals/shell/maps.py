"""The still maps of the public pages, drawn once for each edition of the boundaries."""
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from shapely.geometry import shape

from amanah.foundation.kernel import city as cities
from amanah.portals.shell.drawing import Area, Spot, StillMap, still_map
from amanah.registries.territory import queries as territory


def city_map(city: cities.City) -> StillMap:
    """The kecamatan of the city, each a link to its page."""
    return _city(territory.map_facts().edition, get_language() or "id", city.name)


def kecamatan_map(code: str, name: str, *, chosen: str = "", here: tuple[float, float] | None = None, linked: bool = True) -> StillMap:
    """The kelurahan of one kecamatan, the chosen one marked. `here`: longitude and latitude of the point that was asked about."""
    if here is not None:  # somebody's own whereabouts: drawn for them, never kept
        return _draw_kecamatan(code, name, chosen, linked, here)
    return _kecamatan(territory.map_facts().edition, get_language() or "id", code, name, chosen, linked)


@lru_cache(maxsize=8)
def _features(edition: str, level: str) -> list[dict[str, Any]]:
    return json.loads(territory.geojson(level))["features"]  # type: ignore[no-any-return]


@lru_cache(maxsize=8)
def _city(edition: str, language: str, name: str) -> StillMap:
    counts = {row.code: len(territory.children(row.code)) for row in territory.of_level("kecamatan")}
    areas = [_area(feature, detail=_("%(count)d kelurahan") % {"count": counts.get(feature["properties"]["code"], 0)}) for feature in _features(edition, "kecamatan")]
    title = _("Peta %(count)d kecamatan %(city)s") % {"count": len(areas), "city": name}
    return still_map(title, areas, approximate=territory.map_facts().approximate, inner=[shape(f["geometry"]) for f in _features(edition, "kelurahan")])


@lru_cache(maxsize=256)
def _kecamatan(edition: str, language: str, code: str, name: str, chosen: str, linked: bool) -> StillMap:
    return _draw_kecamatan(code, name, chosen, linked, None)


def _draw_kecamatan(code: str, name: str, chosen: str, linked: bool, here: tuple[float, float] | None) -> StillMap:
    facts = territory.map_facts()
    areas = [_area(feature, tone="map-here" if feature["properties"]["code"] == chosen else "", linked=linked)
             for feature in _features(facts.edition, "kelurahan") if feature["properties"]["parent"] == code]
    spots = [Spot(_("Titik Anda"), here, kind="here")] if here else []
    return still_map(_("Peta kelurahan di Kecamatan %(name)s") % {"name": name}, areas, spots, most_height=520, label_size=15, approximate=facts.approximate)


def tinted_map(title: str, level: str, within: str, told: Mapping[str, tuple[str, str]], page: str) -> StillMap:
    """The parts of `level` within a territory, coloured and explained: code → tone (q1 … q5, "") and what is said of it. Each links to `page`."""
    facts = territory.map_facts()
    areas = [_area(feature, detail=told.get(feature["properties"]["code"], ("", ""))[1], tone=told.get(feature["properties"]["code"], ("", ""))[0], page=page)
             for feature in _features(facts.edition, level) if feature["properties"]["code"].startswith(f"{within}.")]
    return still_map(title, areas, most_height=560, label_size=15, approximate=facts.approximate)


def _area(feature: dict[str, Any], *, detail: str = "", tone: str = "", linked: bool = True, page: str = "public_territory") -> Area:
    facts = feature["properties"]
    href = reverse(page, args=[facts["code"]]) if linked else ""
    return Area.of(facts["name"], feature["geometry"], href=href, tone=tone, detail=detail, label_at=(facts["lng"], facts["lat"]))
