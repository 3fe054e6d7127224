import pytest
from django.conf import settings

from amanah.foundation.messages import templates
from amanah.foundation.messages.models import Channel
from amanah.foundation.messages.templates import CONTENT_FREE, LONGEST_SHORT, Text, declare, declared, named
from amanah.foundation.messages.tests.factories import template

VALUES = {"number": "K-1", "due": "Rabu"}


def test_a_message_is_put_into_words_for_inbox_mail_and_short_messages():
    words = template().render("id", VALUES)
    address = f"{settings.SITE_URL}/urusan-saya/K-1/"
    assert (words.subject, words.body, words.link) == ("Permohonan K-1 kami terima", "Kami periksa paling lambat Rabu.", "/urusan-saya/K-1/")
    assert words.outside_body == f"Kami periksa paling lambat Rabu.\n\n{address}" and words.outside_short == f"Permohonan K-1 kami terima. {address}"


def test_english_speakers_are_told_in_english_and_all_others_in_indonesian():
    assert template().render("en-gb", VALUES).subject == "We received K-1" == template().render("en", VALUES).outside_short.rpartition(" ")[0]
    assert template().render("fr", VALUES).language == "id"


@pytest.mark.parametrize("language", ["id", "en"])
def test_of_a_sensitive_matter_nothing_leaves_the_application(language):
    words = template(sensitive=True).render(language, {"number": "K-1-HIV", "due": "Poli Jiwa"})
    outside = f"{words.outside_subject} {words.outside_body} {words.outside_short}"
    assert "HIV" not in outside and "Jiwa" not in outside and "urusan-saya" not in outside and CONTENT_FREE[language] in outside
    assert "K-1-HIV" in words.subject and "Jiwa" in words.body


def test_values_cannot_break_out_of_subject_or_link():
    words = template().render("id", {"number": "1\r\nBcc: a@b.id/../x?y", "due": "x"})
    assert "\n" not in words.subject + words.outside_short and words.link == "/urusan-saya/1%0D%0ABcc%3A%20a%40b.id%2F..%2Fx%3Fy/"


def test_a_short_message_stays_short():
    assert len(template(link="").render("id", {"number": "9" * 999, "due": ""}).outside_short) == LONGEST_SHORT


@pytest.mark.parametrize(("change", "says"), [
    ({"texts": {"id": Text("a {number}{due}", "b")}}, "texts in id and en"),
    ({"texts": {"id": Text("{number}", "{due}"), "en": Text("{number}", "{dew}")}}, "differ in ['dew', 'due']"),
    ({"example": {"number": "1"}}, "example"),
    ({"texts": {"id": Text("{number.x}", "{due}"), "en": Text("{number}", "{due}")}}, "plain name")])
def test_a_template_with_a_mistake_is_refused_when_it_is_declared(change, says):
    with pytest.raises(ValueError) as caught:
        template(**change)
    assert says in str(caught.value)


def test_two_templates_cannot_have_one_name(monkeypatch):
    monkeypatch.setattr(templates, "_declared", {})
    one = declare(template())
    assert declare(template()) is not None and named("test.received") == one and list(declared()) == ["test.received"]
    with pytest.raises(ValueError, match="two templates"):
        declare(template(channels=(Channel.EMAIL,)))
