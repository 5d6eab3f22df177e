"""What every page must be, whoever looks at it: checked by axe-core, and by what axe cannot see."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).with_name("axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# To describe whatever passed took three quarters of the time, and a megabyte.
VIOLATIONS = """async (standards) => {
    const options = {runOnly: {type: "tag", values: standards}, resultTypes: ["violations"]};
    return (await axe.run(options)).violations;
}"""
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 450}
"""What is left of 1280 by 900 pixels at 200 %: a browser lays a zoomed page out as in a window of
half the size. (The CSS property `zoom` would not: media queries know nothing of it.)"""

NARROWEST: ViewportSize = {"width": 320, "height": 640}
"""As narrow as WCAG asks for (1.4.10): a desk's 1280 pixels at 400 %."""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > innerWidth)
      .map((each) => each.outerHTML.slice(0, 120))"""

# WCAG lets small controls be that stand apart; ours are large anywhere. A tick has its label.
CONTROLS = (
    "button, select, summary, textarea, a.btn, "
    "input:not([type=hidden], [type=checkbox], [type=radio])"
)
TOO_SMALL = """(controls) => [...document.querySelectorAll(controls)]
    .filter((each) => each.checkVisibility({visibilityProperty: true}))
    .filter((each) => !each.matches(".sr-only, .sr-only *"))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, {width, height}]) => width < 24 || height < 24)
    .map(([each, {width, height}]) => `${width} x ${height}: ${each.outerHTML.slice(0, 120)}`)"""

# What lies under a bar that stays in view is not small: it can be scrolled to.
UNSTICK = """() => [...document.querySelectorAll("body *")]
    .filter((each) => getComputedStyle(each).position === "sticky")
    .forEach((each) => (each.style.position = "static"))"""

LOOKS: Sequence[tuple[Literal["light", "dark"], ViewportSize | None]] = (
    ("light", None), ("dark", PHONE), ("light", ZOOMED),
)  # fmt: skip
"""Each theme and each width once: colours hang on the theme alone (and have a test of their own,
tests/config/test_contrast.py), sizes and what is shown on the width."""


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA: in the light and in the dark, on a phone, and zoomed."""
    page.evaluate(AXE.read_text())
    page.evaluate(UNSTICK)
    before = page.viewport_size
    assert before is not None
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size or before)
        violations: list[dict[str, Any]] = page.evaluate(VIOLATIONS, STANDARDS)
        problems = [
            f"{violation['id']} ({scheme}, {size or before}): {violation['help']}: {node['target']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert not problems, "\n".join(problems)
        too_small: list[str] = page.evaluate(TOO_SMALL, CONTROLS)
        assert not too_small, "\n".join([f"Smaller than 24 pixels ({size or before}):", *too_small])
    page.set_viewport_size(before)


def assert_fits_a_phone(page: Page) -> None:
    """Nothing makes the page scroll sideways, on a phone and at 320 pixels."""
    before = page.viewport_size
    for size in (PHONE, NARROWEST):
        page.set_viewport_size(size)
        too_wide: list[str] = page.evaluate(TOO_WIDE)
        assert not too_wide, "\n".join([str(size), *too_wide])
    if before is not None:
        page.set_viewport_size(before)
