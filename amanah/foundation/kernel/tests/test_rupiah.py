import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.rupiah import parse_rupiah, rupiah, share, terbilang

amounts = st.integers(-(10**18) + 1, 10**18 - 1)


def test_rupiah_are_written_with_points_between_the_thousands():
    assert [rupiah(n) for n in (0, 999, 12500, 17_000_000_000, -3500)] == ["Rp0", "Rp999", "Rp12.500", "Rp17.000.000.000", "-Rp3.500"]


@pytest.mark.parametrize("wrong", [12.5, "12500", True, None])
def test_anything_but_a_whole_number_is_a_programming_error(wrong):
    with pytest.raises(TypeError):
        rupiah(wrong)


@given(amounts)
def test_what_is_written_is_read_back(amount):
    assert parse_rupiah(rupiah(amount)) == amount
    assert parse_rupiah(str(amount)) == amount
    assert parse_rupiah(rupiah(amount) + ",00") == amount


@pytest.mark.parametrize(("text", "amount"), [
    ("Rp 12.500", 12500), ("Rp. 12.500,-", 12500), ("12.500,00", 12500), (" 12500 ", 12500), ("IDR 3.500", 3500), ("rp12.500,0", 12500),
    ("Rp\u00a012.500", 12500), ("Rp-3.500", -3500), ("−3.500", -3500), ("007", 7),
])
def test_the_ways_in_which_people_write_an_amount(text, amount):
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize("text", ["", "Rp", "12.500,50", "12,500", "12.50", "1.2500", "12 500", "dua belas ribu", "1e5", "--5", "-Rp-5",
                                  "12.500,00,00", "1" * 19, "Rp12.500 juta", "٣٥٠٠"])
def test_parts_of_a_rupiah_and_doubtful_amounts_are_refused_with_the_field_named(text):
    with pytest.raises(Invalid) as caught:
        parse_rupiah(text, field="fee")
    assert caught.value.fields == ["fee"]


def test_english_thousands_get_their_own_advice():
    with pytest.raises(Invalid) as caught:
        parse_rupiah("12,500")
    assert "titik untuk ribuan" in str(caught.value.details["amount"])


@pytest.mark.parametrize(("number", "words"), [
    (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (12, "dua belas"), (19, "sembilan belas"), (20, "dua puluh"), (21, "dua puluh satu"),
    (100, "seratus"), (101, "seratus satu"), (111, "seratus sebelas"), (200, "dua ratus"), (1000, "seribu"), (1100, "seribu seratus"),
    (2000, "dua ribu"), (11_000, "sebelas ribu"), (12_500, "dua belas ribu lima ratus"), (100_000, "seratus ribu"), (1_000_000, "satu juta"),
    (1_001_000, "satu juta seribu"), (101_000, "seratus satu ribu"), (1_000_000_000, "satu miliar"), (10**12, "satu triliun"),
    (17_250_300_405, "tujuh belas miliar dua ratus lima puluh juta tiga ratus ribu empat ratus lima"), (-15, "minus lima belas"),
])
def test_numbers_in_words_as_letters_write_them(number, words):
    assert terbilang(number) == words


VALUES = {"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
          "sepuluh": 10, "sebelas": 11}


def read(words: str) -> int:
    """Reads Indonesian number words the way a listener adds them up; independent of how they were made."""
    total = group = last = 0
    for word in words.split():
        if word == "seribu":
            total += 1000
        elif word == "seratus":
            group += 100
        elif word == "belas":
            group, last = group + 10 + last, 0
        elif word == "puluh":
            group, last = group + 10 * last, 0
        elif word == "ratus":
            group, last = group + 100 * last, 0
        elif word in ("ribu", "juta", "miliar", "triliun", "kuadriliun"):
            total += (group + last) * {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}[word]
            group = last = 0
        else:
            last = VALUES[word]
    return total + group + last


@given(st.integers(0, 10**18 - 1))
def test_a_listener_hears_the_number_that_was_meant(number):
    assert read(terbilang(number)) == number


def test_terbilang_refuses_what_it_has_no_words_for():
    with pytest.raises(ValueError, match="18 digits"):
        terbilang(10**18)


@given(st.integers(-(10**15), 10**15), st.integers(1, 50))
def test_equal_parts_lose_no_rupiah_and_differ_by_at_most_one(total, parts):
    shares = share(total, parts)
    assert sum(shares) == total and len(shares) == parts and max(shares) - min(shares) <= 1


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_weighted_parts_lose_no_rupiah_and_stay_within_one_of_their_due(total, weights):
    shares = share(total, weights)
    assert sum(shares) == total
    assert all(abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(shares, weights, strict=True))
    assert all(part == 0 for part, weight in zip(shares, weights, strict=True) if weight == 0)


def test_the_rest_goes_to_the_largest_remainder_and_then_to_the_first():
    assert share(100, 3) == [34, 33, 33]
    assert share(100, [1, 1, 4]) == [17, 17, 66]
    assert share(10, [0, 1]) == [0, 10]


@pytest.mark.parametrize("parts", [0, [], [0, 0], [1, -1]])
def test_impossible_shares_are_refused(parts):
    with pytest.raises(ValueError, match="share needs"):
        share(10, parts)
