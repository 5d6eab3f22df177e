"""Bodies: Markdown with links to pages, facts, citations; nothing that could do harm."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from wiki.models import Article, Park, Ride
from wiki.texts.markdown import LONGEST, read, render


def attributes_in(html: str) -> set[str]:
    """The names of all attributes of all tags."""
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update(name for name, _ in attrs)

    Reader().feed(html)
    return found


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[Kestrel]]", '<a href="/rides/kestrel/">Kestrel</a>'),
        ("[[kestrel|the ride]]", ">the ride</a>"),
        ("[[ride:Kestrel]]", "/rides/kestrel/"),
        ("[[rides/kestrel]]", ">Kestrel</a>"),
        ("[[park: Hill Park]]", "/parks/hill-park/"),
        ("[[Nowhere]]", 'class="missing"'),
        ("[[Nowhere]]", "/articles/new/?name=Nowhere"),
        ("[[park:Nowhere]]", "/parks/new/?name=Nowhere"),
        ("{{rides/kestrel.height}}", '<span class="given">203 ft</span>'),
        ("{{rides/kestrel.park}}", "Hill Park"),
        ("{{rides/kestrel.nothing}}", "there is no such fact"),
        ("`[[Kestrel]]`", "<code>[[Kestrel]]</code>"),
        (r"\[[Kestrel]]", "[[Kestrel]]"),
        ("[@nobody]", "[@nobody]"),
        ("a[^1]\n\n[^1]: Because.", 'class="footnote-ref"'),
        ("- [x] done\n- [ ] open", 'type="checkbox"'),
        ("Term\n: What it means", "<dd>What it means</dd>"),
        ("# One", '<h2 id="text-one">'),
        ("|a|b|\n|-|-|\n|1|2|", "<td>2</td>"),
    ],
)
def test_a_text_can_say(kestrel: Ride, text: str, html: str) -> None:
    kestrel.height = "203 ft"
    kestrel.save()
    assert html in render(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[[x|<img src=x onerror=alert(1)>]]",
        '[[x"onmouseover="alert(1)]]',
        "![x](data:text/html,hi)",
        '<a hx-get="/x" x-data="y" @click="z" :href="w">v</a>',
        "{{<b>.height}}",
        "# <b id=main>x</b>",
        "[x](//evil.example/)",
    ],
)
def test_nothing_harmful_comes_through(text: str) -> None:
    html = render(text)
    for harm in ("<script", "<img src=x", "<b>", "<b ", 'href="javascript', 'src="data'):
        assert harm not in html
    assert attributes_in(html) <= {"href", "rel", "class", "title", "id"}


@given(st.text(alphabet=st.sampled_from(list("[]{}|@:/.^# \n`*ab<>\"'-1")), max_size=200))
def test_whatever_is_typed_is_rendered(text: str) -> None:
    html = render(text)
    assert "<script" not in html
    assert isinstance(read(text).render().headings, list)


def test_a_long_text_is_bounded() -> None:
    assert len(render("[[a]] " * LONGEST)) < 100 * LONGEST


def test_links_stay_in_the_viewpoint_and_facts_are_those_of_it(kestrel: Ride) -> None:
    kestrel.height = "50 m"
    kestrel.save()
    article = Article.objects.create(slug="a", name="A", body="{{rides/kestrel.height}} [[Dale]]")
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get(pk=kestrel.pk)
        ride.height = "60 m"
        ride.save()
        Park.objects.create(slug="dale", name="Dale")
    with viewpoint("spring"):
        html = render(article.body)
    assert "60 m" in html
    assert 'href="/parks/dale/"' in html
    html = render(article.body)
    assert "50 m" in html
    assert "missing" in html


def test_headings_have_lasting_anchors_and_are_told() -> None:
    rendered = read("# A way\n\n## Down\n\n## Down\n\n#### Deep").render()
    assert [(h.level, h.anchor) for h in rendered.headings] == [
        (2, "text-a-way"),
        (3, "text-down"),
        (3, "text-down-2"),
    ]
    assert '<h5 id="text-deep">' in rendered.html
    assert '<h2 id="text-two">' in render("## Two")


def test_links_are_a_column_at_every_viewpoint(kestrel: Ride) -> None:
    body = (
        "[[Kestrel|it]] {{rides/kestrel.height}} [@report, p. 1] [x](/parks/hill-park/) [[ A  B ]]"
    )
    article = Article.objects.create(slug="a", name="A", body=body)
    article.refresh_from_db()
    links = ["a b", "kestrel", "parks/hill-park", "rides/kestrel", "sources/report"]
    assert article.links == links
    position = article.history.all()[0].valid_from
    article.body = "Nothing."
    article.save()
    with viewpoint(at=position):
        assert Article.objects.get(links__overlap=["kestrel"]).links == links
    assert not Article.objects.filter(links__overlap=["kestrel"]).exists()


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("[[[Kestrel]]]", ["kestrel"]),
        ("[[Hill [[Kestrel]] Park]]", ["kestrel"]),
        ("[[Kestrel|a|b]] [[Kestrel] [[]] [[\nKestrel]]", []),
        ("{{{rides/kestrel.height}}} {{kestrel}} {{a.b.c}}", ["rides/kestrel"]),
        ("[[Kestrel [@report] {{rides/gull.speed}}]]", ["rides/gull", "sources/report"]),
        ("[[x](/parks/dale/)[[Kestrel]]", ["kestrel", "parks/dale"]),
        ("[@report-2][@ none][@-]", ["sources/report-2"]),
        ("[[" + "k" * 200 + "|" + "l" * 200 + "]]", ["k" * 200]),
        ("[[" + "k" * 201 + "]]", []),
        ("", []),
    ],
)
def test_links_that_stand_in_each_other_are_found(body: str, links: list[str]) -> None:
    article = Article.objects.create(slug="a", name="A", body=body)
    article.refresh_from_db()
    assert article.links == links


def test_a_picture_from_elsewhere_is_a_link() -> None:
    html = render("![A *view*](https://example.org/x.jpg) ![](javascript:alert(1))")
    assert "<img" not in html
    assert '<a href="https://example.org/x.jpg"' in html
    assert ">A view</a>" in html
    assert 'href="javascript' not in html


def test_columns_of_tables_keep_their_side() -> None:
    html = render("| a | b |\n| :-: | --: |\n| 1 | 2 |\n")
    assert '<td class="align-right">2</td>' in html
    assert '<th class="align-center">a</th>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("href", "is_ours"),
    [
        ("/rides/kestrel/", True), ("/~spring/rides/", True), ("/@p3/", True), ("#text-x", True),
        ("/", True), ("https://example.org/", False), ("//example.org/", False),
        ("mailto:a@example.org", False),
    ],
)  # fmt: skip
def test_only_links_within_the_wiki_are_told_to_search_engines(href: str, is_ours: bool) -> None:
    html = render(f"[x]({href} 'href=\"/a\"')")
    assert f'href="{href}"' in html
    assert ("nofollow" not in html) == is_ours
