"""Sealing: what goes in comes out again, and nothing else opens it or gives it away."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Unavailable
from amanah.foundation.kernel.seal import NONCE, Seal, as_text, from_text

FIRST, SECOND, LOOKUP = "kunci-pertama-" + "a" * 32, "kunci-kedua-" + "b" * 32, "kunci-cari-" + "c" * 32
SEAL = Seal.from_texts(FIRST, lookup_key=LOOKUP)
ROTATED = Seal.from_texts(SECOND, old=[FIRST], lookup_key=LOOKUP)
texts, labels = st.text(max_size=200), st.sampled_from(["nik", "kk", "phone", "mother_name", "request"])


@given(texts, labels)
def test_what_was_sealed_opens_under_its_label(text, label):
    assert SEAL.open(SEAL.seal(text, label), label) == text
    assert SEAL.open(from_text(as_text(SEAL.seal(text, label))), label) == text
    assert SEAL.open(memoryview(SEAL.seal(text, label)), label) == text


@given(texts, labels, labels)
def test_a_value_moved_to_another_field_does_not_open(text, label, other):
    if label != other:
        with pytest.raises(Unavailable):
            SEAL.open(SEAL.seal(text, label), other)


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=40), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_every_changed_byte_is_noticed(text, place, flip):
    sealed = bytearray(SEAL.seal(text, "nik"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(Unavailable):
        SEAL.open(bytes(sealed), "nik")


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01abcd", b"\x00" * 40, b"1371111708900001"])
def test_what_was_never_sealed_is_refused_in_words(data):
    with pytest.raises(Unavailable) as error:
        SEAL.open(data, "nik")
    assert error.value.permanent
    assert "1371" not in str(error.value)


def test_a_value_cut_short_is_refused():
    sealed = SEAL.seal("1371111708900001", "nik")
    for length in range(len(sealed)):
        with pytest.raises(Unavailable):
            SEAL.open(sealed[:length], "nik")


def test_two_seals_of_one_text_share_nothing_but_form_and_key():
    first, second = SEAL.seal("1371111708900001", "nik"), SEAL.seal("1371111708900001", "nik")
    assert first != second
    assert first[:5] == second[:5]
    assert b"1371" not in first
    assert len(first) == 1 + 4 + NONCE + 16 + 16


def test_after_a_change_of_keys_the_old_ones_still_open_and_are_recognised():
    before, after = SEAL.seal("x", "nik"), ROTATED.seal("x", "nik")
    assert ROTATED.open(before, "nik") == ROTATED.open(after, "nik") == "x"
    assert not ROTATED.is_current(before)
    assert ROTATED.is_current(after)
    assert SEAL.is_current(before)


def test_without_its_key_nothing_opens():
    alone = Seal.from_texts(SECOND, lookup_key=LOOKUP)
    with pytest.raises(Unavailable) as error:
        alone.open(SEAL.seal("x", "nik"), "nik")
    assert "AMANAH_SEAL_OLD_KEYS" in str(error.value)


@given(texts, labels)
def test_a_lookup_is_stable_depends_on_key_and_label_and_not_on_the_sealing_key(text, label):
    assert SEAL.lookup(text, label) == SEAL.lookup(text, label) == ROTATED.lookup(text, label)
    assert len(SEAL.lookup(text, label)) == 16
    assert SEAL.lookup(text, label) != SEAL.lookup(text, label + "2")
    assert SEAL.lookup(text, label) != Seal.from_texts(FIRST, lookup_key=SECOND).lookup(text, label)


@given(texts, texts)
def test_different_texts_have_different_lookups(one, other):
    assert (one == other) == (SEAL.lookup(one, "nik") == SEAL.lookup(other, "nik"))


def test_a_label_cannot_be_continued_by_the_text():
    assert SEAL.lookup("b1", "a") != SEAL.lookup("1", "ab")
