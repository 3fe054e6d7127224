"""The sheet and the sprite: every icon that a page names is there, nothing outside is loaded, old phones are not forgotten."""
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static/shell"
PORTALS = Path(__file__).resolve().parents[2]
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text(encoding="utf-8")))


def named() -> set[tuple[str, str]]:
    """Icons named in templates and in Python, with the file that names them."""
    found = set()
    for path in PORTALS.rglob("*"):
        if path.suffix == ".html":
            pattern = r"""\{%\s*icon ["']([\w-]+)["']|\bicon(?:_name)?=["']([\w-]+)["']"""
        elif path.suffix == ".py" and "/tests/" not in path.as_posix():
            pattern = r"""\bicon=["']([\w-]+)["']"""
        else:
            continue
        for groups in re.findall(pattern, path.read_text(encoding="utf-8")):
            name = groups if isinstance(groups, str) else next(filter(None, groups))
            found.add((name, path.relative_to(PORTALS).as_posix()))
    return found


def test_every_icon_that_a_page_names_is_in_the_sprite():
    assert len(named()) > 40
    assert {(name, where) for name, where in named() if name not in SYMBOLS} == set()


@pytest.mark.parametrize("sheet", ["tokens.css", "components.css", "gallery.css"])
def test_a_sheet_loads_nothing_from_elsewhere(sheet):
    text = (STATIC / sheet).read_text(encoding="utf-8")
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", text) == []
    assert "@import" not in text


@pytest.mark.parametrize("sheet", ["tokens.css", "components.css"])
def test_nothing_a_page_needs_is_unknown_to_an_old_webview(sheet):
    """Chrome and WebView 87 are the floor: no :has(), no colour functions, no container queries, no nesting."""
    rules = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r":has\(|color-mix\(|oklch\(|@container|&[ .:\[]", rules) == []


def test_there_is_one_typeface_and_it_never_moves_the_page():
    faces = re.findall(r"@font-face\s*\{([^}]*)\}", (STATIC / "tokens.css").read_text(encoding="utf-8"))
    assert len(faces) == 1 and "font-display: optional" in faces[0]
