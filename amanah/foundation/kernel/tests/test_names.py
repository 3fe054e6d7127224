import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.names import displayed, initials, order_free_key, search_key, words

SAME = [
    ("Muhammad Yusuf", "Mohammad Jusuf", "Moh. Yusuf", "M. Yusuf", "Mhd Yusuf", "Moch. Joesoef", "MUHAMAD YUSUP"),
    ("Soekarno", "Sukarno"), ("Soejono", "Suyono"), ("Djoko Tjahjono", "Joko Cahyono"), ("Sutan Sjahrir", "Sutan Syahrir"), ("Njoman", "Nyoman"),
    ("Achmad", "Ahmad", "Akhmad"), ("Rachmat", "Rahmat", "Rakhmat"), ("Chairul", "Khairul"), ("Syafi'i", "Safii", "Syafii"), ("Nu’man", "Numan"),
    ("Fatimah", "Fatima"), ("Anny", "Any"), ("Abdoel Hamid", "Abd. Hamid", "Abdul-Hamid"), ("Aziz", "Azis"),
    ("Vivi Afrianti", "Fifi Aprianti"), ("Rifqi", "Rifki"), ("Dzikri", "Dikri"), ("Kuranji", "Koeranji", "Koerandji"),
    ("José", "Jose"), ("Zulkifli", "Zulkipli"),
    ("H. Rina Wahyuni, S.Pd., M.Si", "Rina Wahyuni"),
    ("Prof. Dr. Ir. Hj. Rina Wahyuni", "RINA WAHYUNI S.Pd"), ("Fadly Amran, B.B.A.", "fadly  amran"),
]
DIFFERENT = [("Jono", "Yono"), ("Wijaya", "Wiyaya"), ("Siti", "Sutan"), ("Rina", "Rani"), ("Haji Amir", "Hamir"), ("St. Aminah", "Siti Aminah")]


@pytest.mark.parametrize("names", SAME)
def test_spellings_of_one_name_share_a_key(names):
    assert len({search_key(name) for name in names}) == 1, {name: search_key(name) for name in names}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_keep_different_keys(one, other):
    assert search_key(one) != search_key(other)


def test_a_name_made_of_a_title_is_kept():
    assert (search_key("Haji"), search_key("M"), search_key("")) == ("haji", "m", "")


def test_letters_in_a_name_that_look_like_a_degree_are_kept():
    assert words("Siti Ma") == ["siti", "ma"]
    assert words("Siti, M.A.") == ["siti"]
    assert words("Siti M.A") == ["siti"]


def test_given_names_behind_a_comma_are_kept():
    assert order_free_key("SANTOSO, BUDI") == order_free_key("Budi Santoso")


@given(st.lists(st.sampled_from(["Rina", "Wahyuni", "Djoko", "Syafi'i", "Muhammad", "Nurhaliza", "Abd.", "Amran"]), min_size=1, max_size=5).flatmap(
    lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_the_order_of_words_does_not_matter_to_the_order_free_key(both):
    one, other = both
    assert order_free_key(" ".join(one)) == order_free_key(" ".join(other))


@given(st.text(max_size=60))
def test_every_text_has_a_key_and_capitals_and_spaces_do_not_change_it(text):
    key = search_key(text)
    assert key == " ".join(key.split())
    assert search_key(f"  {text} ") == key


@given(st.text("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ'-.", max_size=60))
def test_a_key_of_latin_letters_is_plain_and_blind_to_capitals(text):
    assert re.fullmatch(r"[a-z ]*", search_key(text))
    assert search_key(text.upper()) == search_key(text.lower())


@pytest.mark.parametrize(("name", "letters"), [("Rina Wahyuni, S.Pd", "RW"), ("Soekarno", "S"), ("H. Abdul Malik Karim", "AM"), ("", ""),
                                               ("M. Yusuf", "MY")])
def test_initials_leave_titles_out(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(("typed", "shown"), [
    ("RINA WAHYUNI", "Rina Wahyuni"), ("rina  wahyuni ", "Rina Wahyuni"), ("LUBUK BEGALUNG NAN XX", "Lubuk Begalung Nan XX"),
    ("VII KOTO SUNGAI SARIK", "VII Koto Sungai Sarik"), ("nu'man bin ali", "Nu'man bin Ali"), ("O'NEIL", "O'Neil"), ("AL-HADI", "Al-Hadi"),
    ("RINA S.PD., M.SI", "Rina S.Pd., M.Si"), ("McDonald rina", "McDonald rina"), ("", ""), ("BINTI", "Binti"), ("DIAN", "Dian"), ("LILI", "Lili"),
])
def test_names_are_shown_in_the_capitals_people_expect(typed, shown):
    assert displayed(typed) == shown


@given(st.text(max_size=60))
def test_showing_a_name_twice_changes_nothing(text):
    assert displayed(displayed(text)) == displayed(text)
