"""The face of a city: read once, complete, nothing misspelt."""
from pathlib import Path

import pytest

from amanah.foundation.kernel.city import load
from amanah.foundation.kernel.errors import Invalid

WHOLE = """
code: "99.01"
name: Kota Contoh
short_name: Contoh
government: Pemerintah Kota Contoh
province: Provinsi Contoh
emergency: "112"
centre: [100.5, -0.5]
"""


@pytest.fixture
def city(tmp_path):
    def written(text: str) -> Path:
        folder = tmp_path / f"kota-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "city.yaml").write_text(text, encoding="utf-8")
        return folder

    return written


def test_what_may_be_left_out_has_a_sensible_value(city):
    folder = city(WHOLE)
    found = load(folder)
    assert (found.code, found.name, found.centre) == ("99.01", "Kota Contoh", (100.5, -0.5))
    assert (found.brand, found.zone_name, found.language, found.security_contact) == (folder.name, "WIB", "id", "")


def test_a_misspelt_entry_is_named(city):
    with pytest.raises(Invalid, match="emergancy"):
        load(city(WHOLE.replace("emergency", "emergancy")))


def test_a_missing_entry_is_named(city):
    with pytest.raises(Invalid, match="government"):
        load(city(WHOLE.replace("government: Pemerintah Kota Contoh\n", "")))


def test_a_city_without_a_face_is_refused(tmp_path):
    with pytest.raises(Invalid):
        load(tmp_path)


def test_every_city_of_this_house_has_a_whole_face():
    folders = [path.parent for path in (Path(__file__).resolve().parents[4] / "cities").glob("*/city.yaml")]
    assert folders
    assert all(load(folder).name for folder in folders)
