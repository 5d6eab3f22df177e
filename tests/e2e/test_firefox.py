"""The pages in Firefox, where it is: what hangs most on the browser. All else is Chromium's.

Mozilla's own driver speaks to any Firefox by Marionette, which each has had for years. Playwright
drives builds of its own; its way by WebDriver BiDi asks for more than Firefox ESR 153 knows.
"""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.e2e.accounts import make_account
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 15

PROGRAM = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


@pytest.fixture(scope="module")
def firefox() -> Iterator[Any]:
    if PROGRAM is None:
        pytest.skip("There is no Firefox here (on Debian: apt-get install firefox-esr).")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of its dependencies' own
        from marionette_driver.marionette import Marionette
    started = Marionette(bin=PROGRAM, headless=True, gecko_log=os.devnull)
    started.start_session()
    yield started
    started.quit()


class Reader:
    """Somebody before a Firefox: what is looked for comes in a while, or the test fails."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser, self.url = browser, url

    def open(self, path: str) -> None:
        self.browser.navigate(self.url + path)

    def sign_in(self, group: str) -> None:
        client = Client()
        client.force_login(make_account(group))
        name = settings.SESSION_COOKIE_NAME
        self.browser.add_cookie({"name": name, "value": client.cookies[name].value})

    def find(self, selector: str) -> Any:
        return self._waiting_until(lambda: self._found(selector))

    def sees(self, selector: str, words: str) -> bool:
        return bool(self._waiting_until(lambda: words in self._found(selector).text))

    def _found(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def _waiting_until(self, found: Callable[[], Any]) -> Any:
        """What is found in a while, on this page or on one that follows."""
        from marionette_driver import errors
        from marionette_driver.wait import Wait

        missing = [errors.NoSuchElementException, errors.StaleElementException]
        return Wait(self.browser, SECONDS, ignored_exceptions=missing).until(lambda _: found())

    def click(self, selector: str) -> None:
        """Where it can be hit: not behind the bar of time."""
        found = self.find(selector)
        script = "arguments[0].scrollIntoView({block: 'center'})"
        self.browser.execute_script(script, script_args=[found])
        found.click()

    def press(self, selector: str, keys: str) -> None:
        self.find(selector).send_keys(keys)


@pytest.fixture
def reader(firefox: Any, base_url: str) -> Reader:
    return Reader(firefox, base_url)


def test_one_searches_by_keys(reader: Reader, kestrel: Ride) -> None:
    from marionette_driver.keys import Keys

    reader.open("/")
    reader.press("body", "/")
    reader.press("input[type=search]:focus", "kes")
    assert reader.sees("[role=option]", "Kestrel")
    reader.press("input[type=search]", Keys.ARROW_DOWN + Keys.ENTER)
    assert reader.sees("h1", "Kestrel")


def test_one_travels_along_the_bar_of_time(reader: Reader, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    reader.open("/rides/kestrel/")
    reader.press("body", "[")
    assert reader.sees(".viewpoint", "as it was on")
    assert reader.sees("h1", "Kestrel")
    reader.press("body", "n")
    assert reader.sees("h1", "Falcon")


def test_one_corrects_a_fact_where_it_stands(reader: Reader, kestrel: Ride) -> None:
    from marionette_driver.keys import Keys

    reader.open("/account/login/")
    reader.sign_in("editors")
    reader.open("/rides/kestrel/")
    reader.click("a.pencil[aria-label='Edit status']")
    reader.press("select[name=status]:focus", "Operating")
    reader.press("select[name=status]", Keys.TAB)
    reader.click(".fact-form .btn-primary")
    assert reader.sees(".infobox", "Operating")


def test_a_form_is_written_and_looked_at(reader: Reader, kestrel: Ride) -> None:
    reader.open("/account/login/")
    reader.sign_in("editors")
    reader.open("/rides/kestrel/edit/")
    reader.press("#id_body", "It dives. ")
    assert reader.sees(".form-bar", "Changed so far: Text")
    reader.click("[value=preview]")
    assert reader.sees("#preview", "It dives.")
