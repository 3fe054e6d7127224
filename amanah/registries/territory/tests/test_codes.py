"""Codes, numbers of RW and RT, and names as they are compared."""
import pytest

from amanah.registries.territory.rules import codes


@pytest.mark.parametrize(("code", "level"), [
    ("13", "province"), ("13.71", "city"), ("13.71.04", "kecamatan"), ("13.71.04.1001", "kelurahan"),
    ("13.71.04.1001.rw-abcdefg", "rw"), ("13.71.04.1001.rw-abcdefg.rt-2345672", "rt"),
])
def test_a_code_tells_its_level(code, level):
    assert codes.level_of(code) == level


@pytest.mark.parametrize("text", ["", "1", "13.7", "1371", "13.71.04.100", "13.71.04.1001.rt-abcdefg", "13.71.04.1001.rw-001", "13.71.04 ", "padang"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match="no path code"):
        codes.level_of(text)


def test_the_line_from_the_province_down():
    assert codes.lineage("13.71.04.1001") == ("13", "13.71", "13.71.04", "13.71.04.1001")
    assert codes.at_level("13.71.04.1001.rw-abcdefg", "kecamatan") == "13.71.04"
    assert codes.at_level("13.71", "kecamatan") is None
    assert codes.parent_of("13") is None


def test_a_neighbourhood_gets_the_same_code_from_the_same_history_and_another_one_the_next_time():
    first = codes.neighbourhood_code("13.71.04.1001", "rw", "003")
    assert first == codes.neighbourhood_code("13.71.04.1001", "rw", "003")
    assert codes.level_of(first) == "rw"
    assert "003" not in first.rpartition("-")[2]
    again, elsewhere = codes.neighbourhood_code("13.71.04.1001", "rw", "003", earlier=1), codes.neighbourhood_code("13.71.04.1002", "rw", "003")
    assert len({first, again, elsewhere}) == 3


@pytest.mark.parametrize(("text", "label"), [("3", "003"), (" 03", "003"), ("012", "012"), ("12a", "012A")])
def test_numbers_are_written_with_three_digits(text, label):
    assert codes.read_label(text) == label


@pytest.mark.parametrize("text", ["", "0", "000", "RW 3", "1234", "-1", "3 A"])
def test_what_is_no_number_of_a_neighbourhood_is_refused(text):
    with pytest.raises(ValueError, match="no number"):
        codes.read_label(text)


def test_names_are_compared_without_case_accents_hyphens_and_kind():
    assert codes.key("Kelurahan Bukit Gado-gado") == codes.key("bukit gado gado")
    assert codes.key("Kec. Kuranji") == "kuranji"
    assert codes.key("Ma'ruf É") == "maruf e"
    assert codes.key("Kota") == "kota"  # a name that is only such a word stays


def test_the_whole_name_comes_before_its_beginning_and_that_before_a_word_inside():
    whole = codes.rank("gurun laweh", ("gurun laweh",), "nanggalo")
    beginning = codes.rank("gurun laweh", ("gurun laweh nan xx",), "lubuk begalung")
    inside = codes.rank("laweh", ("gurun laweh",), "nanggalo")
    assert whole > beginning > inside > 0 == codes.rank("gurun lawe h", ("gurun laweh",), "nanggalo")
    assert whole > codes.rank("gurun laweh", ("lain", "gurun laweh"), "") > beginning, "a variant counts a little less than the name"


def test_the_kecamatan_helps_to_tell_equal_names_apart():
    assert codes.rank("gurun laweh nanggalo", ("gurun laweh",), "nanggalo") > codes.rank("gurun laweh nanggalo", ("gurun laweh",), "kuranji")


@pytest.mark.parametrize(("text", "point"), [
    ("-0.9471, 100.4172", (-0.9471, 100.4172)), ("-0,9471 100,4172", (-0.9471, 100.4172)), ("-0,9471; 100,4172", (-0.9471, 100.4172)),
    ("100.4, -0.9", None), ("Jalan Sudirman 1", None), ("12", None), ("", None),
])
def test_a_pasted_point_is_read(text, point):
    assert codes.read_point(text) == point
