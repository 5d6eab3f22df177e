"""No text takes longer, or becomes more, than a page may; what would is shown as it was typed."""

import subprocess
import sys
import time

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from config.environment import CHECKOUT
from tests.wiki.texts.hostile import texts
from wiki.models import Article, Park, Ride
from wiki.texts import bounds, markdown
from wiki.texts.bounds import LONGEST_HTML, MOST_SECONDS
from wiki.texts.facts import FactFound
from wiki.texts.markdown import LONGEST, MOST_FACTS, render

pytestmark = pytest.mark.django_db

TYPED = "shown as it was typed"
SECONDS = MOST_SECONDS + 1
"""Parsing and rendering to their bound, and what is done to their result.

What measures is marked slow: coverage makes Python several times slower.
"""
MEBIBYTES = 50


def cost_of(text: str) -> float:
    """Seconds of the processor that a text takes."""
    begun = time.thread_time()
    html = render(text)
    assert len(html) < LONGEST_HTML
    return time.thread_time() - begun


@pytest.mark.slow
@pytest.mark.parametrize("name", texts())
def test_a_hostile_text_is_bounded(name: str) -> None:
    assert cost_of(texts()[name]) < SECONDS


@pytest.mark.slow
def test_hostile_texts_take_little_memory() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.wiki.texts.hostile"],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(told.stdout) < MEBIBYTES


FRAGMENTS = st.text(st.sampled_from("[]()<>{}!*_`~#>-+|:;^&@\\/\"'= \t\n\ra1.ß"), max_size=12)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(st.tuples(FRAGMENTS, st.integers(1, 20_000)), min_size=1, max_size=4))
def test_whatever_is_repeated_is_bounded(parts: list[tuple[str, int]]) -> None:
    text = "".join(fragment * times for fragment, times in parts)[:LONGEST]
    assert cost_of(text) < SECONDS


def test_what_is_too_involved_is_told_and_can_be_had(client: Client) -> None:
    body = "# Title\n\n<b>&" + "*a " * 50_000
    Article.objects.create(slug="stars", name="Stars", body=body)
    page = client.get("/articles/stars/").content.decode()
    assert TYPED in page
    assert "# Title" in page
    assert "&lt;b&gt;&amp;" in page


@pytest.mark.slow
def test_a_long_and_ordinary_text_is_laid_out() -> None:
    words = "The **ride** opened in *1984*, and nobody had seen the like; see [it](/rides/a/). "
    section = f"## Section\n\n{words * 5}\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n"
    html = render((section * 500)[: LONGEST // 2])
    assert TYPED not in html
    assert html.count("<h2") > 150


def test_a_definition_that_is_used_too_often_is_not_multiplied() -> None:
    assert TYPED in render(texts()["long address, linked often"])
    assert TYPED not in render("[a]: /rides/a/\n\n" + "[a] " * 1_000)


def test_each_bound_counts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "*a* " * 200
    assert TYPED not in render(text)
    for name, value in (
        ("MOST_SECONDS", 0.0),
        ("LONGEST_HTML", 1_000),
        ("MOST_BLOCKS", -1),
        ("MOST_INLINES", 50),
        ("MOST_FOOTNOTES", -1),
        ("MOST_DELIMITERS", 50),
    ):
        with monkeypatch.context() as bounded:
            bounded.setattr(bounds, name, value)
            assert TYPED in render(text), name


def test_a_fact_is_laid_out_once_and_so_many_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    park = Park.objects.create(slug="hill", name="Hill Park")
    Ride.objects.create(slug="kestrel", name="Kestrel", park=park, height="50 m")
    said: list[str] = []
    laid_out = markdown._said

    def counted(token: Token, found: FactFound | None) -> str:
        said.append(token.content)
        return laid_out(token, found)

    monkeypatch.setattr(markdown, "_said", counted)
    html = render("{{rides/kestrel.height}} " * 500)
    assert (html.count("50"), len(said)) == (500, 1)
    monkeypatch.setattr(markdown, "MOST_FACTS", 1)
    html = render("{{rides/kestrel.height}} {{rides/kestrel.name}}")
    assert html.count("there is no such fact") == 1
    assert MOST_FACTS >= 100
