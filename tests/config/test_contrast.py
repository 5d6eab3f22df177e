"""Every pair of colours that meet as text and ground can be read, in both themes."""

import re
from itertools import product

import pytest

from config.environment import CHECKOUT

GROUNDS = ["paper", "surface", "sunken"]
TEXTS = ["ink", "muted", "link", "accent", "bad-ink"]
PAIRS = [*product(TEXTS, GROUNDS), ("on-accent", "accent"), ("on-accent", "accent-strong")]
PAIRS += [("visited", "paper"), ("visited", "surface")]
PAIRS += [(f"{each}-ink", f"{each}-ground") for each in ("good", "warn", "bad", "note", "branch")]
# Borders and the ring of the focus need less: they are shapes, not letters.
SHAPES = list(product(["edge", "focus"], GROUNDS))

TOKENS = (CHECKOUT / "static" / "src" / "tokens.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
    for part in TOKENS.split("@variant dark", 1)
)


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


def test_both_themes_decide_every_colour() -> None:
    assert LIGHT.keys() == DARK.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(theme: dict[str, str], shape: str, ground: str) -> None:
    assert contrast(theme[shape], theme[ground]) >= 3
