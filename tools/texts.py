"""`python -m tools.texts`: gathers every text marked for translation and renews the English catalogue.

The Indonesian text is the key, written where it is used; amanah/locale/en/LC_MESSAGES/django.po holds the English. New texts are added
without a translation, texts that nobody uses any more are dropped, what is translated stays. `--missing` lists what has no English yet and
fails when there is any; nothing is written then. Needs neither xgettext nor Django's settings.
"""
import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "amanah/locale/en/LC_MESSAGES/django.po"
SINGLE = {"_", "lazy", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
QUOTED = r"""(u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"\b(ngettext|gettext|_)\(\s*{QUOTED}(?:\s*,\s*{QUOTED})?")

Text = str | tuple[str, str]  # a text, or its singular and plural


def in_python(source: str) -> Iterator[Text]:
    """Texts marked in a Python module. A marked text must be written out; one that is computed cannot be found and is left alone."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in SINGLE and given:
            yield given[0]
        elif name in PLURAL and len(given) > 1:
            yield given[0], given[1]


def in_template(source: str) -> Iterator[Text]:
    """Texts marked in a template: {% translate %}, {% blocktranslate %} and _("…") in tags."""
    for name, first, second in IN_TEMPLATE.findall(templatize(source)):
        one = ast.literal_eval(first)
        yield (one, ast.literal_eval(second)) if name == "ngettext" and second else one


@cache
def marked() -> dict[Text, list[str]]:
    """Every marked text of the program with the files it stands in."""
    found: dict[Text, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "amanah").rglob("*")):
        if path.suffix not in (".py", ".html", ".txt", ".js") or "/tests/" in path.as_posix() or "/static/" in path.as_posix():
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        for text in (in_python if path.suffix == ".py" else in_template)(source):
            where = path.relative_to(ROOT).as_posix()
            if where not in found[text]:
                found[text].append(where)
    return found


def catalogue() -> Catalog:
    """The English catalogue as it stands."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", domain="django")
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="en", domain="django")


def missing() -> list[Text]:
    """Marked texts that have no English yet."""
    known = catalogue()
    return [text for text in marked() if (message := known.get(text[0] if isinstance(text, tuple) else text)) is None or not _whole(message.string)]


def stale() -> list[Text]:
    """English texts whose Indonesian nobody uses any more."""
    used = {text[0] if isinstance(text, tuple) else text for text in marked()}
    return [message.id for message in catalogue() if message.id and (message.id[0] if isinstance(message.id, tuple) else message.id) not in used]


def renew() -> Catalog:
    """Write the catalogue anew: the marked texts, the translations known so far."""
    known, fresh = catalogue(), Catalog(locale="en", domain="django", project="Amanah", fuzzy=False, charset="utf-8",
                                        header_comment="# English texts of Amanah. Keys are the Indonesian texts; renewed by: python -m tools.texts")
    for text, places in sorted(marked().items(), key=lambda pair: (pair[1][0], str(pair[0]))):
        message = known.get(text[0] if isinstance(text, tuple) else text)
        string = message.string if message else ""
        fits = isinstance(string, tuple) == isinstance(text, tuple)
        fresh.add(text, string if fits else ("", "") if isinstance(text, tuple) else "", locations=[(place, None) for place in places])
    out = BytesIO()
    write_po(out, fresh, width=140, omit_header=False, include_previous=False)
    # No dates: the file changes when the texts do.
    lines = [line for line in out.getvalue().decode().splitlines(keepends=True) if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date'))]
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text("".join(lines), encoding="utf-8")
    return fresh


def _whole(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def main(argv: list[str]) -> int:
    reader = argparse.ArgumentParser(prog="python -m tools.texts", description=__doc__)
    reader.add_argument("--missing", action="store_true", help="only list what has no English yet")
    if reader.parse_args(argv).missing:
        without = missing()
        for text in without:
            print(text if isinstance(text, str) else text[1])
        return 1 if without else 0
    print(f"{len(renew())} texts, {len(missing())} without English: {CATALOGUE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
