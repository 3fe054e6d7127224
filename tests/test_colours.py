"""The colour pairs of docs/ui.md, computed from the sheet itself in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""
import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[1] / "amanah/portals/shell/static/shell/tokens.css").read_text(encoding="utf-8").split("@media print")[0]
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "ink-faint", "link") for ground in ("surface-page", "surface-card", "surface-sunken", "surface-strong")),
    ("link", "selected", TEXT), ("ink", "selected", TEXT), ("link-hover", "surface-page", TEXT),
    ("on-action", "action", TEXT), ("on-action", "action-hover", TEXT), ("on-action", "action-press", TEXT),
    ("on-ink", "surface-ink", TEXT), ("on-ink-soft", "surface-ink", TEXT),
    *((f"{tone}-ink", ground, TEXT) for tone in ("ok", "warn", "bad", "info", "pause", "idle") for ground in (f"{tone}-bg", "surface-card")),
    *((f"{tone}-solid", "surface-card", SHAPE) for tone in ("ok", "warn", "bad", "info", "pause")),
    ("line-control", "surface-card", SHAPE), ("line-control", "surface-page", SHAPE),
    ("focus-out", "surface-page", SHAPE), ("focus-out", "focus-in", SHAPE), ("selected-line", "surface-card", SHAPE),
    *((f"cat-{n}", "surface-card", SHAPE) for n in range(1, 7)),
    ("map-label", "map-land", TEXT), ("map-label", "map-sea", TEXT),
]


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def theme(selector: str) -> dict[str, str]:
    """What holds in a theme: ramps, light roles, and the roles of the theme over them."""
    known: dict[str, str] = {}
    bare = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    for names, block in re.findall(r"([^{}@]+)\{([^{}]*)\}", bare):
        if any(name.strip() in (":root", selector) for name in names.split(",")):
            known |= declared(block)
    return known


THEMES = {"light": theme('[data-theme="light"]'), "dark": theme('[data-theme="dark"]'), "auto, dark": theme('[data-theme="auto"]')}


def colour(known: dict[str, str], name: str) -> tuple[float, float, float]:
    value = known[name].strip()
    while reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = known[reference[1]].strip()
    digits = value.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    return tuple(int(digits[n:n + 2], 16) / 255 for n in (0, 2, 4))  # type: ignore[return-value]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    def light(rgb: tuple[float, float, float]) -> float:
        parts = [c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4 for c in rgb]
        return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + .05) / (low + .05)


@pytest.mark.parametrize("name", THEMES)
def test_every_pair_of_colours_can_be_read(name):
    known = THEMES[name]
    weak = [f"{ink} on {ground}: {found:.1f}, needs {needed}" for ink, ground, needed in PAIRS
            if (found := contrast(colour(known, ink), colour(known, ground))) < needed]
    assert not weak, "\n".join(weak)


def test_dark_is_the_same_whether_chosen_or_followed():
    assert THEMES["dark"] == THEMES["auto, dark"]


def test_the_measure_itself_is_right():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((1, 1, 1), (1, 1, 1)) == pytest.approx(1)


def test_pages_use_roles_and_no_raw_colours_of_the_ramps():
    """Components name a role; a raw ramp step would not change with the theme."""
    components = (Path(__file__).resolve().parents[1] / "amanah/portals/shell/static/shell/components.css").read_text(encoding="utf-8")
    assert re.findall(r"var\(--(?:primary|success|warning|danger|info)-\d+\)", components) == []
