"""The site's main links: at the viewpoint of the page, save those that stand outside any."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import set_script_prefix


@pytest.fixture(autouse=True)
def _at_mains_head() -> Iterator[None]:
    yield
    set_script_prefix("/")


def navigation(rf: RequestFactory, path: str) -> str:
    template = Template("{% load site %}{% navigation %}")
    return template.render(Context({"request": rf.get(path)}))


def test_links_stay_in_the_viewpoint(rf: RequestFactory) -> None:
    set_script_prefix("/~spring@2026-03-01/")
    links = navigation(rf, "/parks/")
    assert 'href="/~spring@2026-03-01/rides/"' in links
    assert 'href="/branches/"' in links


def test_the_current_page_is_marked_once(rf: RequestFactory) -> None:
    links = navigation(rf, "/rides/kestrel/")
    assert links.count("aria-current") == 1
    assert '<a href="/rides/" aria-current="page">' in links


def test_it_can_do_without_a_request() -> None:
    assert "/parks/" in Template("{% load site %}{% navigation %}").render(Context())
