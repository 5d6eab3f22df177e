"""Every component, in every frame, is for everybody."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("frame", ["now", "past", "branch", "both", "preview"])
def test_every_component_is_for_everybody(page: Page, frame: str) -> None:
    page.goto(f"/styleguide/?frame={frame}")
    expect(page.locator("h1")).to_have_text("Styleguide")
    assert_accessible(page)
    assert_fits_a_phone(page)
