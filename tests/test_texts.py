"""Every text for people has its English, says the same with the same blanks, and nobody translates what nobody says."""
import re

import pytest
from babel.messages.mofile import read_mo, write_mo

from tools import texts

BLANKS = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>")


def parts(text: texts.Text) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_every_marked_text_has_its_english():
    without = texts.missing()
    assert not without, "run `python -m tools.texts`, then fill in amanah/locale/en/LC_MESSAGES/django.po:\n" + "\n".join(map(str, without))


def test_no_english_is_left_of_a_text_that_is_gone():
    assert not texts.stale(), "run `python -m tools.texts`"


def test_both_languages_leave_the_same_blanks():
    wrong = [f"{message.id} -> {said}" for message in texts.catalogue() if message.id for said in parts(message.string)
             if sorted(BLANKS.findall(parts(message.id)[-1])) != sorted(BLANKS.findall(said))]
    assert not wrong, "\n".join(wrong)


def test_the_catalogue_compiles(tmp_path):
    with (tmp_path / "django.mo").open("wb") as out:
        write_mo(out, texts.catalogue())
    with (tmp_path / "django.mo").open("rb") as compiled:
        assert read_mo(compiled).get("Masuk").string == "Sign in"


@pytest.mark.parametrize(("source", "found"), [
    ("_('Satu')", ["Satu"]), ("gettext_lazy('Satu ' 'dua')", ["Satu dua"]), ("ngettext('%(n)d hari', '%(n)d hari', 3)", [("%(n)d hari", "%(n)d hari")]),
    ("print('Satu')", []), ("_(computed)", []),
])
def test_texts_are_found_in_python(source, found):
    assert list(texts.in_python(source)) == found


@pytest.mark.parametrize(("source", "found"), [
    ("{% translate 'Satu' %}", ["Satu"]), ('{% translate "Di kota" as x %}', ["Di kota"]), ("{{ y|default:_('Satu') }}", ["Satu"]),
    ("{% blocktranslate with a=b %}Halo {{ a }}{% endblocktranslate %}", ["Halo %(a)s"]),
    ("{% blocktranslate count n=m %}{{ n }} hari{% plural %}{{ n }} hari{% endblocktranslate %}", [("%(n)s hari", "%(n)s hari")]), ("<p>Satu</p>", []),
])
def test_texts_are_found_in_templates(source, found):
    assert list(texts.in_template("{% load i18n %}" + source)) == found
