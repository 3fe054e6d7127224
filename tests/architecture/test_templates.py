"""Templates: no inline script or style (the content security policy would drop it), and every word for people is marked for translation."""
import re

import pytest
from django.template.base import DebugLexer, TokenType

from .rooms import ROOT, name

TEMPLATES = sorted(path for path in (ROOT / "amanah").rglob("templates/**/*.html"))
# Words that stay as they are in every language.
SAME_EVERYWHERE = set("amanah marawa nik nip kk rt rw opd plt plh wib rp id en indonesia bahasa english html css pdf qr csv geojson api url otp pin "
                      "sms whatsapp kb mb esc cth nov".split())
SEEN_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label", "data-confirm")
TAG = re.compile(r"<!--.*?-->|<(?:script|style|svg)\b.*?</(?:script|style|svg)>|</?[a-zA-Z!\0](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


def unmarked(source: str) -> list[str]:
    """Words a reader would see in `source` that stand outside {% translate %} and {% blocktranslate %}."""
    kept, inside, silent = [], False, False
    for token in DebugLexer(source).tokenize():
        word = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
        if word in ("comment", "endcomment"):
            silent = word == "comment"
        elif word in ("block", "endblock"):
            silent = token.contents.endswith(("_class", "_attributes"))  # filled with names for the stylesheet
        elif word in ("blocktranslate", "endblocktranslate"):
            inside = word == "blocktranslate"
        elif token.token_type == TokenType.TEXT and not inside and not silent:
            kept.append(token.contents)
        elif token.token_type != TokenType.COMMENT:
            kept.append("\0")  # something is put here when the page is made
    page = "".join(kept)
    attributes = [value for pair in re.findall(rf"\b({'|'.join(SEEN_ATTRIBUTES)})=(?:\"([^\"]*)\"|'([^']*)')", page) for value in pair[1:]]
    texts = [re.sub(r"&\w+;", " ", re.sub(r"[\w-]+=\"[^\"]*\"", " ", TAG.sub(" ", page))), *attributes]
    return [found for text in texts for found in WORD.findall(text) if found.lower() not in SAME_EVERYWHERE]


def inline(source: str) -> list[str]:
    """Scripts, styles and handlers that stand in the page itself."""
    page = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", source, flags=re.DOTALL)
    found = re.findall(r"<style\b[^>]*>|\sstyle\s*=\s*[\"'][^\"']*|\son[a-z]+\s*=\s*[\"'][^\"']*|javascript:[^\"']*", page)
    data = ("application/json", "application/geo+json", "application/ld+json")  # blocks of data are no scripts
    return found + [tag for tag in re.findall(r"<script\b[^>]*>", page) if "src=" not in tag and not any(kind in tag for kind in data)]


def test_there_are_templates():
    assert len(TEMPLATES) >= 20


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: name(path).split("templates/")[1])
def test_a_template_has_no_inline_script_or_style(template):
    assert inline(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: name(path).split("templates/")[1])
def test_every_word_for_people_is_marked_for_translation(template):
    assert unmarked(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: name(path).split("templates/")[1])
def test_a_template_never_trusts_text_as_markup(template):
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", template.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source", "words"), [
    ("<p>Halo dunia</p>", ["Halo", "dunia"]),
    ("<p>{% translate 'Halo' %}</p>", []),
    ("{% blocktranslate %}Halo <b>dunia</b>{% endblocktranslate %}", []),
    ('<img alt="Peta" src="{% static "x" %}">', ["Peta"]),
    ('<a class="{% if a > b %}satu{% endif %}" href="/x">{{ teks }} · NIK</a>', []),
    ("{# catatan #}{% comment %}lama{% endcomment %}<!-- juga -->", []),
])
def test_the_search_for_words_finds_what_it_should(source, words):
    assert unmarked(source) == words


@pytest.mark.parametrize(("source", "number"), [
    ('<p style="color:red">', 1), ("<script>alert(1)</script>", 1), ('<button onclick="x()">', 1), ('<a href="javascript:x">', 1),
    ('<script src="/a.js" defer></script>', 0), ('<script type="application/json" id="data">{}</script>', 0), ('<p data-style="x" class="on">', 0),
])
def test_the_search_for_inline_code_finds_what_it_should(source, number):
    assert len(inline(source)) == number
