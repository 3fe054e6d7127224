import pickle
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.identifiers import KkNumber, Nik, Npwp, Phone

WOMAN = "1371115708900001"  # synthetic: woman, 17 August 1990
MAN = "1371111708900001"
REGIONS = frozenset({"137111"})


@st.composite
def niks(draw):
    """A synthetic NIK together with what it was made of."""
    born = draw(st.dates(date(1920, 1, 1), date(2019, 12, 31)))
    sex = draw(st.sampled_from(["male", "female"]))
    region = draw(st.integers(110000, 949999))
    serial = draw(st.integers(1, 9999))
    day = born.day + (40 if sex == "female" else 0)
    return f"{region}{day:02}{born:%m%y}{serial:04}", born, sex


@given(niks())
def test_a_nik_tells_what_it_was_made_of(made):
    text, born, sex = made
    nik = Nik.parse(text, born=born, sex=sex)
    assert (nik.value, nik.region, nik.sex, nik.warnings) == (text, text[:6], sex, ())
    assert born in nik.birth_dates()


@given(niks())
def test_a_nik_shows_itself_masked_only(made):
    nik = Nik.parse(made[0])
    for shown in (str(nik), repr(nik), f"{nik}", f"{nik!r}", str([nik]), repr([nik]), repr({"nik": nik})):
        assert made[0] not in shown and made[0][4:14] not in shown
    assert nik.masked == f"{made[0][:4]}••••••••••{made[0][-2:]}"


@given(niks(), st.sampled_from([" ", "-", ".", "\u00a0", "\u200b"]))
def test_spaces_points_and_dashes_between_the_digits_do_not_matter(made, between):
    text = made[0]
    assert Nik.parse(f" '{text[:6]}{between}{text[6:12]}{between}{text[12:]}\n").value == text


def test_the_mask_of_the_house():
    assert Nik.parse(WOMAN).masked == "1371••••••••••01"


def test_a_woman_has_forty_added_to_her_day():
    assert Nik.parse(WOMAN).sex == "female" and date(1990, 8, 17) in Nik.parse(WOMAN).birth_dates()
    assert Nik.parse(MAN).sex == "male"


def test_the_century_is_ambiguous_until_one_date_is_impossible():
    assert Nik.parse(WOMAN).birth_date(by=date(2026, 11, 24)) == date(1990, 8, 17)
    child_or_elder = Nik.parse("1371111708200001")
    assert child_or_elder.birth_dates() == (date(2020, 8, 17), date(1920, 8, 17))
    assert child_or_elder.birth_date(by=date(2026, 11, 24)) is None
    assert child_or_elder.birth_date(by=date(2019, 1, 1)) == date(1920, 8, 17)


def test_a_leap_day_decides_the_century():
    assert Nik.parse("1371112902000001").birth_dates() == (date(2000, 2, 29),)


def test_an_unknown_region_and_a_disagreement_warn_and_never_reject():
    nik = Nik.parse("9901011708900001", regions=REGIONS, born=date(1991, 8, 17), sex="female")
    assert len(nik.warnings) == 3 and "990101" in nik.warnings[0]
    assert Nik.parse(MAN, regions=REGIONS, born=date(1990, 8, 17), sex="male").warnings == ()
    assert "0000" in Nik.parse("1371111708900000").warnings[0]


def test_equal_numbers_are_equal_whatever_was_warned_about():
    assert Nik.parse(MAN) == Nik.parse(MAN, sex="female") and len({Nik.parse(MAN), Nik.parse(MAN, sex="female")}) == 1


@pytest.mark.parametrize("text", ["", "  ", "137111170890000", "13711117089000011", "13711117089O0001", "0371111708900001", "1371110008900001",
                                  "1371113208900001", "1371114008900001", "1371117208900001", "1371111713900001", "1371113002900001",
                                  "١٣٧١١١١٧٠٨٩٠٠٠٠١", "1371111700900001"])
def test_what_cannot_be_a_nik_is_refused_with_the_field_named(text):
    with pytest.raises(Invalid) as caught:
        Nik.parse(text, field="nik_ibu")
    assert caught.value.fields == ["nik_ibu"]
    assert text.strip() == "" or text not in str(caught.value.details)


@pytest.mark.parametrize("damaged", ["1,37111E+15", "1.37111E+15", "1.371111708900001e15", "1371111708900000.0", 1371111708900001, 1.37e15, None])
@pytest.mark.parametrize("kind", [Nik, KkNumber, Npwp, Phone])
def test_a_number_damaged_by_a_spreadsheet_is_refused_with_what_to_do(kind, damaged):
    with pytest.raises(Invalid) as caught:
        kind.parse(damaged, field="x")
    assert "teks" in str(caught.value.details["x"])


@given(st.one_of(st.text(max_size=25), st.integers(), st.floats(), st.none(), st.text("0123456789 .-+eE,", max_size=25)))
def test_no_input_breaks_the_readers(thing):
    for kind in (Nik, KkNumber, Phone, Npwp):
        try:
            made = kind.parse(thing)
        except Invalid:
            continue
        assert kind.parse(made.value) == made


def test_a_family_number_warns_but_does_not_refuse_a_strange_date():
    assert KkNumber.parse("1371110101200001", regions=REGIONS).warnings == ()
    assert "NIK" in KkNumber.parse("1371114101200001").warnings[0]
    assert "wilayah" in KkNumber.parse("9901010101200001", regions=REGIONS).warnings[0]
    assert str(KkNumber.parse("1371110101200001")) == "1371••••••••••01"
    assert KkNumber.parse("1371110101200001").region == "137111"


@pytest.mark.parametrize("text", ["081234567890", "6281234567890", "+62 812-3456-7890", "+62 (0)812 3456 7890", "0062 812 3456 7890", "81234567890",
                                  "0812.3456.7890", "'081234567890"])
def test_the_ways_in_which_people_write_a_mobile_number(text):
    phone = Phone.parse(text)
    assert (phone.value, phone.mobile, phone.spaced) == ("+6281234567890", True, "0812 3456 7890")
    assert repr(phone) == "Phone(0812••••••90)" and "345678" not in f"{phone}"


def test_a_landline_is_a_number_too():
    phone = Phone.parse("(0751) 123456")
    assert (phone.value, phone.mobile) == ("+62751123456", False)


@pytest.mark.parametrize("text", ["", "112", "0812", "+6512345678", "08123456789012", "0812345x7890", "+62", "123456789", "nomor saya",
                                  "0081234567890"])
def test_what_is_no_indonesian_number_is_refused(text):
    with pytest.raises(Invalid):
        Phone.parse(text)


@given(st.text("0123456789", min_size=7, max_size=10), st.sampled_from(["0", "62", "+62", "0062", ""]))
def test_every_spelling_of_a_mobile_number_is_one_number(rest, prefix):
    assume(8 <= len(rest) <= 11)
    assert Phone.parse(f"{prefix}8{rest}").value == f"+628{rest}"


def test_taxpayer_numbers_of_fifteen_and_sixteen_digits_are_one():
    old, new = Npwp.parse("01.312.166.0-091.000"), Npwp.parse("0013121660091000")
    assert old == new and old.value == "0013121660091000" and not old.is_nik
    assert "312166" not in repr(old)


def test_a_taxpayer_number_may_be_a_nik():
    assert Npwp.parse(MAN).is_nik and Npwp.parse(MAN).value == MAN


@pytest.mark.parametrize("text", ["01.312.167.0-091.000", "12345", "1371111713900001", "0013121670091000"])
def test_a_wrong_taxpayer_number_is_refused(text):
    with pytest.raises(Invalid):
        Npwp.parse(text)


def test_nothing_is_made_beside_parse_and_the_complaint_hides_the_value():
    with pytest.raises(ValueError, match=r"parse\(\)") as caught:
        Nik("137111")
    assert "137111" not in str(caught.value)


def test_identifiers_travel_between_processes():
    nik = Nik.parse(WOMAN, sex="male")
    assert pickle.loads(pickle.dumps(nik)) == nik
