"""Every pair of colours that meet as text and ground can be read, in both themes."""

import re
from itertools import product

import pytest

from config.environment import CHECKOUT

GROUNDS = ["paper", "sheet", "well", "past-paper"]
TEXTS = ["ink", "ink-2", "track-ink", "minus", "plus"]
PAIRS = [*product(TEXTS, GROUNDS), ("ink-on", "ink"), ("ink-on", "ink-2")]
PAIRS += [(each, f"{each}-fill") for each in ("past", "branch", "preview", "plus", "minus")]
# Borders, drawn lines and the ring of the focus need less: they are shapes, not letters.
SHAPES = list(product(["rule-strong", "focus", "track"], GROUNDS))
SHAPES += [(f"{each}-edge", f"{each}-fill") for each in ("past", "branch", "preview")]

TOKENS = (CHECKOUT / "static" / "src" / "tokens.css").read_text()
COLOURS = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
LIGHT = {name: light for name, light, _ in COLOURS}
DARK = {name: dark for name, _, dark in COLOURS}


def luminance(colour: str) -> float:
    """WCAG's relative luminance of #rrggbb."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_is_decided_for_both_themes() -> None:
    assert not re.findall(r"--[a-z0-9-]+: #", TOKENS)
    assert {name for pair in (*PAIRS, *SHAPES) for name in pair} <= LIGHT.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(theme: dict[str, str], shape: str, ground: str) -> None:
    assert contrast(theme[shape], theme[ground]) >= 3
