"""Every text of the pages stands out from what is behind it, in the light and the dark theme."""

import re
from pathlib import Path

import pytest

TOKENS = Path("assistant/web/static/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
DARK = DARK.split("@media")[0]

BACKGROUNDS = ("paper", "surface", "sunken", "accent-soft")
# Text that stands on ordinary backgrounds.
EVERYWHERE = ("ink", "muted", "accent", "accent-strong", "danger")
TEXT = [(text, behind) for text in EVERYWHERE for behind in BACKGROUNDS] + [
    *((tone, behind) for tone in ("warning", "success") for behind in BACKGROUNDS[:3]),
    *((tone, f"{tone}-soft") for tone in ("warning", "danger", "success")),
    *(
        (text, f"{tone}-soft")
        for tone in ("warning", "danger", "success")
        for text in EVERYWHERE[:2]
    ),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
]
# Edges of fields, the ring of focus and the bars of quotations (WCAG 2.2, 1.4.11).
EDGES = [
    (edge, behind)
    for edge in ("field-line", "accent", "danger", "warning")
    for behind in BACKGROUNDS[:3]
]
THEMES = {"light": LIGHT, "dark": DARK}


def colours(theme: str) -> dict[str, str]:
    return dict(re.findall(r"--ura-([a-z-]+): (#[0-9a-f]{6});", theme))


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_both_themes_name_the_same_colours():
    assert colours(LIGHT).keys() == colours(DARK).keys()
    assert len(re.findall(r": #[0-9a-f]{6};", TOKENS)) == 2 * len(colours(LIGHT))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "behind"), TEXT)
def test_text_can_be_read(theme, text, behind):
    named = colours(THEMES[theme])
    assert contrast(named[text], named[behind]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "behind"), EDGES)
def test_edges_can_be_seen(theme, edge, behind):
    named = colours(THEMES[theme])
    assert contrast(named[edge], named[behind]) >= 3


def test_sheets_take_their_colours_from_the_tokens_only():
    sheets = Path("assistant/web/static").glob("*.css")
    loose = {
        sheet.name: found
        for sheet in sheets
        if not sheet.name.startswith(("tokens", "widget"))
        and (found := re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", sheet.read_text()))
    }
    assert loose == {}
