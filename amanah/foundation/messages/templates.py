"""The register of templates. A room declares what it tells people, in Indonesian and English, where everybody can read it in one place.

    RECEIVED = declare(Template(
        "cases.received", channels=(Channel.WHATSAPP, Channel.SMS, Channel.EMAIL), link="/urusan-saya/{number}/",
        texts={"id": Text("Permohonan {number} kami terima", "Kami periksa paling lambat {due}."),
               "en": Text("We received request {number}", "We will check it by {due}.")},
        example={"number": "K-2026-000123", "due": "Rabu, 25 Nov"}))
"""
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from django.conf import settings

from amanah.foundation.messages import rules
from amanah.foundation.messages.models import Channel

LANGUAGES = ("id", "en")
CONTENT_FREE = {"id": "Ada kabar untuk Anda. Buka Amanah.", "en": "There is news for you. Open Amanah."}
LONGEST_SHORT = 320  # two SMS


@dataclass(frozen=True, slots=True)
class Text:
    """The words in one language. `short` goes out by SMS and WhatsApp; without it the subject does."""

    subject: str
    body: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words. `outside_*` leave the application and say nothing when the matter is sensitive."""

    language: str
    subject: str
    body: str
    link: str
    outside_subject: str
    outside_body: str
    outside_short: str


@dataclass(frozen=True, slots=True)
class Template:
    """What is told, and how. Whoever has an account finds it in the application; besides, the first of `channels` that can reach them is
    used, and the next when that fails for good.

    `sensitive`: outside of the application only "Ada kabar untuk Anda" is said. `urgent`: quiet hours do not hold it back.
    """

    name: str
    texts: Mapping[str, Text]
    channels: tuple[Channel, ...]
    example: Mapping[str, str]
    link: str = ""
    sensitive: bool = False
    urgent: bool = False
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        if set(self.texts) != set(LANGUAGES):
            raise ValueError(f"{self.name}: texts in {' and '.join(LANGUAGES)}, no more and no less")
        first, second = (rules.places("".join((text.subject, text.body, text.short, self.link))) for text in self.texts.values())
        if first != second:
            raise ValueError(f"{self.name}: the languages differ in {sorted(first ^ second)}")
        if first != set(self.example):
            raise ValueError(f"{self.name}: the example does not fill exactly {sorted(first)}")
        object.__setattr__(self, "fields", first)

    def render(self, language: str, context: Mapping[str, object]) -> Rendered:
        """The message in one language (Indonesian for any we do not have). Raises KeyError when `context` lacks a field."""
        language = language[:2] if language[:2] in self.texts else LANGUAGES[0]
        text = self.texts[language]
        subject, body = rules.one_line(rules.fill(text.subject, context)), rules.fill(text.body, context)
        link = rules.fill(self.link, {name: quote(str(value), safe="") for name, value in context.items()})
        if self.sensitive:
            says = CONTENT_FREE[language]
            home = settings.SITE_URL + "/"
            return Rendered(language, subject, body, link, says, f"{says}\n\n{home}", f"{says} {home}")
        address = settings.SITE_URL + link if link else ""
        short = rules.one_line(rules.fill(text.short or text.subject, context))
        short = short if len(short) <= LONGEST_SHORT else short[:LONGEST_SHORT - 1] + "…"
        return Rendered(language, subject, body, link, subject, f"{body}\n\n{address}".strip(), f"{short} {address}".strip())


_declared: dict[str, Template] = {}


def declare(template: Template) -> Template:
    """Put a template into the register; ValueError when another has its name."""
    if _declared.setdefault(template.name, template) != template:
        raise ValueError(f"two templates are called {template.name}")
    return template


def named(name: str) -> Template:
    return _declared[name]


def declared() -> dict[str, Template]:
    """Every template of the program (the gallery shows each with its example)."""
    return dict(sorted(_declared.items()))
