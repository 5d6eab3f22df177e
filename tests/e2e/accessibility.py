"""What every page must be, whoever looks at it: checked by axe-core, and by what axe cannot see."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).with_name("axe.min.js")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# To describe whatever passed took three quarters of the time, and a megabyte.
VIOLATIONS = """async (standards) => {
    const options = {runOnly: {type: "tag", values: standards}, resultTypes: ["violations"]};
    return (await axe.run(options)).violations;
}"""
PHONE: ViewportSize = {"width": 390, "height": 844}


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA, in the light and in the dark."""
    page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        violations: list[dict[str, Any]] = page.evaluate(VIOLATIONS, STANDARDS)
        problems = [
            f"{violation['id']} ({scheme}): {violation['help']}: {node['target']}"
            for violation in violations
            for node in violation["nodes"]
        ]
        assert not problems, "\n".join(problems)


def assert_fits_a_phone(page: Page) -> None:
    """Nothing makes the page scroll sideways at 390 pixels."""
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    too_wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
           [...document.querySelectorAll("body *")]
             .filter((each) => each.getBoundingClientRect().right > innerWidth)
             .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert not too_wide, "\n".join(too_wide)
    if before is not None:
        page.set_viewport_size(before)
