"""Alpine as this wiki has it: patched where it looks for globals (static/src/vendor.mjs)."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accounts import sign_in
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)

GLOBALS = ("window", "document", "fetch", "Function", "Option", "WebSocket", "Reflect", "JSON")

COMES_TO = """names => {
  const globals = Object.fromEntries(names.map((name) => [name, globalThis[name]]));
  const scope = { held: { ...globals, own: () => 1, ride: {} } };
  const form = document.querySelector("#page-form");
  return Object.keys(scope.held).filter((name) => Alpine.evaluate(form, `held.${name}`, { scope }));
}"""


def test_an_expression_never_comes_to_a_global(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    expect(page.get_by_text("Nothing is changed so far.")).to_be_visible()  # Alpine has begun
    assert page.evaluate(COMES_TO, list(GLOBALS)) == ["own", "ride"]
