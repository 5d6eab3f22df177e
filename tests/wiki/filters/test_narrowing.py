"""Filters of lists: what is narrowed is what anybody would have picked out by hand."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventstore import reading
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.fields.columns import MoneyField, PartialDateField, QuantityField
from versioning.fields.dates import PartialDate
from wiki.filters.facets import Facet
from wiki.filters.narrowing import questions_of
from wiki.kinds.registry import KINDS
from wiki.kinds.rides.figures import Track
from wiki.lists.listing import listing, read_query
from wiki.models import Article, Company, Element, Park, Ride
from wiki.pages.items import CompanyInCharge, OtherName

pytestmark = pytest.mark.django_db

FACTS: dict[str, list[Any]] = {
    "height": [None, "100 ft", "30.48 m", "31 m", "2 m"],
    "speed": [None, "100 km/h", "62 mph", "10 km/h"],
    "inversions": [None, 0, 1, 7],
    "opened": [None, "1999", "1999-05", "2000-01-01", "193X"],
    "status": ["operating", "removed"],
    "building_cost": [None, "EUR 5 million", "$5m", "$10 million (1999)"],
    "park": [None, "hill-park", "dale"],
    "track": [None, "loop", "roll"],
    "other_maker": [None, "acme"],
    "single_riders": [None, True, False],
}

ASKED: dict[str, list[str]] = {
    "height_over": ["100 ft", "30.48", "31 m", "0.031 km", "0"],
    "height_under": ["100 ft", "30.5 m", "1 m"],
    "speed_over": ["100 km/h", "10", "27.8 m/s"],
    "speed_under": ["100 km/h", "10 km/h", "63 mph"],
    "inversions_over": ["0", "0.5", "7"],
    "inversions_under": ["1.5", "-1", "99999999999"],
    "opened_from": ["1999", "May 1999", "193X", "2000-01-01"],
    "opened_to": ["1999", "1999-05", "1938", "2999"],
    "status": ["operating", "Removed"],
    "building_cost_over": ["EUR 5 million", "USD 6,000,000", "£1"],
    "building_cost_under": ["$5m", "EUR 4999999"],
    "park": ["hill-park", "dale", "nowhere"],
    "country": ["DE", "se", "FR"],
    "tracks": ["loop", "roll", "nowhere"],
    "other_makers": ["acme", "nobody"],
    "former": ["true", "false", "TRUE"],
}

COUNTRIES = {"hill-park": "DE", "dale": "SE"}


def figure(name: str, text: Any) -> Decimal | None:
    """A figure in its base unit, to the micrometre: as exact as anybody measures."""
    field: Any = Ride._meta.get_field(name)
    return None if text is None else round(field.to_python(text).in_base_unit, 6)


def fits(facts: dict[str, Any], asked: str, answer: str) -> bool:
    """Whether a ride with these facts is what a filter asks for: said without the database."""
    name, _, end = asked.rpartition("_")
    is_lowest = end in ("over", "from")
    told: Any
    limit: Any
    match name or asked:
        case "height" | "speed":
            told, limit = figure(name, facts[name]), figure(name, answer)
        case "inversions":
            told, limit = facts[name], Decimal(answer)
        case "opened":
            date: Any = PartialDateField().to_python(answer)
            told = PartialDate(facts[name]).first_day if facts[name] else None
            limit = date.first_day if is_lowest else date.last_day
        case "building_cost":
            told_cost, cost = (MoneyField().to_python(each) for each in (facts[name], answer))
            if told_cost is None or told_cost.currency != cost.currency:
                return False
            told, limit = told_cost.amount, cost.amount
        case "other":
            return bool(facts["other_maker"] == answer)
        case _ if asked == "country":
            return COUNTRIES.get(facts["park"]) == answer.upper()
        case _ if asked == "former":
            return bool((facts["status"] == "removed") == (answer.lower() == "true"))
        case _ if asked == "tracks":
            return bool(facts["track"] == answer)
        case _:
            return bool(facts[asked] == answer.lower())
    return told is not None and (told >= limit if is_lowest else told <= limit)


RANKED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "tallest": lambda facts: figure("height", facts["height"]),
    "fastest": lambda facts: figure("speed", facts["speed"]),
    "inversions": lambda facts: facts["inversions"],
}


class FilteredLists(TestCase):
    """Rides of all sorts, seen at main's head, before their last edit, and on a branch."""

    SIZE: ClassVar = 60
    past: ClassVar[int]
    facts: ClassVar[dict[str, dict[str, dict[str, Any]]]]
    """What each ride tells, at each viewpoint."""

    @classmethod
    def setUpTestData(cls) -> None:
        named: dict[str, Any] = {
            slug: Park.objects.create(slug=slug, name=slug, country=country)
            for slug, country in COUNTRIES.items()
        }
        named |= {s: Element.objects.create(slug=s, name=s) for s in ("loop", "roll")}
        named["acme"] = Company.objects.create(slug="acme", name="Acme")
        cls.facts = {"past": cls.made(named, 1), "head": {}, "spring": {}}
        cls.past = reading.last_position()
        cls.facts["head"] = cls.facts["past"] | cls.made(named, 7, edited=range(0, cls.SIZE, 2))
        fork("spring")
        with branch_context("spring"):
            cls.facts["spring"] = cls.facts["head"] | cls.made(named, 3, edited=range(0, 60, 3))

    @classmethod
    def made(
        cls, named: dict[str, Any], step: int, edited: range | None = None
    ) -> dict[str, dict[str, Any]]:
        """Give rides facts; which ones depends on the step alone."""
        made = {}
        for n in edited or range(cls.SIZE):
            slug = f"r-{n}"
            facts = {
                name: values[(n * step * (at + 2) + n // (at + 1)) % len(values)]
                for at, (name, values) in enumerate(FACTS.items())
            }
            ride = Ride.objects.get(slug=slug) if edited else Ride(slug=slug, name=f"Same {n % 5}")
            for name in facts.keys() - {"park", "track", "other_maker"}:
                setattr(ride, name, facts[name])
            ride.park = named.get(facts["park"])
            elements = [str(named[facts["track"]].pk)] if facts["track"] else []
            ride.tracks = [Track(elements=elements)]
            ride.save()
            ride.other_makers.set([named[facts["other_maker"]]] if facts["other_maker"] else [])
            made[slug] = facts
        return made

    @settings(max_examples=60)
    @given(
        st.sampled_from(["past", "head", "spring"]),
        st.dictionaries(st.sampled_from(sorted(ASKED)), st.integers(0, 9), max_size=3),
        st.sampled_from(["name", *RANKED]),
    )
    def test_a_filtered_list_is_the_list_filtered(
        self, seen: str, chosen: dict[str, int], order: str
    ) -> None:
        """At every viewpoint, in every order, page by page; and as a file."""
        query = {name: ASKED[name][n % len(ASKED[name])] for name, n in chosen.items()}
        rank: Callable[[dict[str, Any]], Any] = RANKED.get(order, lambda _: 0)
        expected = {
            slug
            for slug, facts in self.facts[seen].items()
            if all(fits(facts, *pair) for pair in query.items()) and rank(facts) is not None
        }
        at = f"p{self.past}" if seen == "past" else None
        branch = "spring" if seen == "spring" else "main"
        with viewpoint(branch, at=at):
            walked = self.walk(urlencode(query | {"order": order}))
        assert sorted(walked) == sorted(expected)
        ranks = [rank(self.facts[seen][slug]) for slug in walked]
        assert ranks == sorted(ranks, reverse=True)
        prefix = {"past": f"/@p{self.past}/", "head": "/", "spring": "/~spring/"}[seen]
        answer: Any = Client().get(
            f"{prefix}rides/", query | {"order": order, "format": "json"}, follow=True
        )
        rows = json.loads(b"".join(answer.streaming_content))
        assert [row["slug"] for row in rows] == walked

    def walk(self, query: str) -> list[str]:
        found: list[str] = []
        with mock.patch("wiki.lists.listing.PAGE_SIZE", 7):
            while True:
                page = listing(Ride, read_query(Ride, QueryDict(query)))
                found += [each.slug for each in page.pages]
                if not page.next:
                    return found
                query = page.next.removeprefix("?")


def sample(question: Any) -> str:
    """An answer that makes sense."""
    if question.choices:
        return str(next(iter(question.choices)))
    if question.pages:
        return "acme"
    match question.path.f.model_field:
        case QuantityField(unit=unit):
            return f"2 {unit}"
        case PartialDateField():
            return "May 1999"
        case MoneyField():
            return "EUR 2 million"
    return "2"


@pytest.mark.parametrize("plural", KINDS)
def test_every_filter_of_every_kind_can_be_asked(
    client: Client, kestrel: Ride, plural: str
) -> None:
    fork("spring")
    questions = [each for _, both in questions_of(KINDS[plural]) for each in both]
    names = [each.name for each in questions]
    assert len(names) == len(set(names))
    assert not {*names} & {"order", "after", "part", "format", "of"}
    together = {each.name: sample(each) for each in questions}
    for prefix in ("/", "/~spring/"):
        for query in ({}, *({name: answer} for name, answer in together.items()), together):
            answer = client.get(f"{prefix}{plural}/", query)
            assert answer.status_code == 200, query
            for name, text in query.items():
                assert f'name="{name}"' in answer.content.decode()
                assert f'value="{text}"' in answer.content.decode()


def test_parks_are_found_by_who_owned_or_ran_them(client: Client, acme: Company) -> None:
    bolt = Company.objects.create(slug="bolt", name="Bolt")
    for n, (owner, operator) in enumerate([(acme, bolt), (bolt, acme), (bolt, bolt)]):
        park = Park(slug=f"p-{n}", name=f"Park {n}")
        park.owners = [CompanyInCharge(company=str(owner.pk), until=PartialDate("1999"))]
        park.operators = [CompanyInCharge(company=str(operator.pk))]
        park.save()

    def found(query: str) -> list[str]:
        answer: Any = client.get(f"/parks/?format=json&{query}")
        return [park["slug"] for park in json.loads(b"".join(answer.streaming_content))]

    assert found("owners=acme") == ["p-0"]
    assert found("operators=acme") == ["p-1"]
    assert found("operators=bolt&owners=bolt") == ["p-2"]
    assert found("owners=nobody") == []


@pytest.mark.parametrize("said", ["hill-park", "Hill Park", "hill park", "The Old Gardens"])
def test_a_page_is_named_by_address_name_or_former_name(
    client: Client, kestrel: Ride, said: str
) -> None:
    park = Park.objects.get(slug="hill-park")
    park.names = [OtherName(name="The Old Gardens")]
    park.save()
    Ride.objects.create(slug="other", name="Other", park=Park.objects.create(slug="p", name="P"))
    found = client.get("/rides/", {"park": said}).content.decode()
    assert "Kestrel" in found
    assert "Other</a>" not in found
    assert f'value="{said}"' in found
    searched = client.get("/search/", {"park": said}).content.decode()
    assert "Kestrel" in searched
    assert "Other</a>" not in searched


def test_an_address_is_meant_before_a_name(client: Client, kestrel: Ride) -> None:
    Park.objects.create(slug="second", name="Hill Park")
    assert "Kestrel" in client.get("/rides/?park=hill-park").content.decode()
    assert "Kestrel" not in client.get("/rides/?park=second").content.decode()


def test_a_list_by_a_page_follows_when_that_page_moves(client: Client, acme: Company) -> None:
    """What is kept of a list is made anew when what narrows it changed."""
    park = Park(slug="p", name="Park of Acme")
    park.owners = [CompanyInCharge(company=str(acme.pk))]
    park.save()
    assert "Park of Acme" in client.get("/parks/?owners=acme").content.decode()
    acme.slug, acme.name = "apex", "Apex"
    acme.save()
    assert "Nothing fits" in client.get("/parks/?owners=acme").content.decode()
    assert "Park of Acme" in client.get("/parks/?owners=apex").content.decode()


UNREADABLE = [
    ("height_over", "tall", "Height over: “tall” holds no figure."),
    ("height_over", "5 bananas", "holds no figure in m or ft"),
    ("height_under", "-5 m", "is negative"),
    ("height_over", "9" * 400, "more digits"),
    ("height_over", "\0", "cannot be shown"),
    ("inversions_over", "1e9", "is not a number"),
    ("inversions_over", "²", "is not a number"),
    ("opened_from", "tomorrow", "is not a date"),
    ("opened_from", "2024-1X", "is not a date"),
    ("opened_from", "2024-02-3X", "is not a day in any calendar"),
    ("opened_to", "99999", "is not a date"),
    ("opened_to", "1999-02-30", "is not a day in any calendar"),
    ("building_cost_over", "10 million", "is not a sum of money"),
    ("building_cost_over", "<b>", "is not a sum of money"),
]


@pytest.mark.parametrize(("name", "text", "sentence"), UNREADABLE)
def test_what_cannot_be_read_is_said_and_kept(
    client: Client, kestrel: Ride, name: str, text: str, sentence: str
) -> None:
    query = {name: text, "status": "operating", "order": "tallest"}
    answer = client.get("/rides/", query)
    assert answer.status_code == 400
    body = answer.content.decode()
    assert sentence in body
    assert 'aria-invalid="true"' in body
    assert '<option value="operating" selected>' in body
    assert "<b>" not in body.split("<main", 1)[1].split("</main>")[0]
    part = client.get("/rides/", query | {"part": "results"})
    assert part.status_code == 400
    assert sentence in part.content.decode()
    assert "<html" not in part.content.decode()
    # A file holds what was asked for, or is none.
    assert client.get("/rides/", query | {"format": "csv"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["height_over=%20%20", "height_over__gte=x", "height_si__gte=1", "park__country=DE",
     "owners=acme", "building_cost__currency=USD", "park=" + "x" * 5_000,
     "manufacturer=%27%22%5D%7D", "tracks=%00",
     "tracks=%5B%7B%22a%22%3A1%7D%5D"],
)  # fmt: skip
def test_what_asks_for_nothing_is_harmless(client: Client, kestrel: Ride, query: str) -> None:
    assert client.get(f"/rides/?{query}").status_code == 200


def test_filters_in_use_stand_above_the_fold(client: Client, kestrel: Ride) -> None:
    def unfolded(query: str) -> str:
        return client.get(f"/rides/?{query}").content.decode().split("More filters")[0]

    assert 'name="height_over"' not in unfolded("")
    assert 'name="height_over" value="60 m"' in unfolded("height_over=60+m")
    assert 'name="drop_over"' not in unfolded("height_over=60+m")


def test_the_address_follows_what_is_chosen(client: Client, kestrel: Ride) -> None:
    """Where results are swapped in alone, so that what one sees can be shared."""
    fork("spring")
    query = "part=results&category=&height_over=60+m&opened_from=&order=tallest"
    part = client.get(f"/~spring/rides/?{query}")
    assert part["HX-Push-Url"] == "/~spring/rides/?height_over=60+m&order=tallest"
    assert client.get("/rides/?part=results&order=name")["HX-Push-Url"] == "/rides/"


def test_a_form_leads_to_an_address_without_what_nobody_filled_in(
    client: Client, kestrel: Ride
) -> None:
    fork("spring")
    answer = client.get("/~spring/rides/?status=&height_over=60+m&opened_to=&order=tallest&x=")
    assert answer.status_code == 302
    assert answer["Location"] == "/~spring/rides/?height_over=60+m&order=tallest"
    # What cannot be read goes along, to be said there.
    assert client.get("/rides/?height_over=tall&status=")["Location"] == "/rides/?height_over=tall"


def test_filters_ask_no_more_than_the_pages_that_they_name(client: Client, kestrel: Ride) -> None:
    fork("spring")

    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/~spring/rides/?{query}").status_code == 200
        return len(asked)

    plain = queries("order=newest")
    limits = "height_over=1&height_under=900&opened_from=1900&country=DE&building_cost_over=USD+1"
    assert queries(limits) <= plain
    assert queries(f"{limits}&park=hill-park&tracks=loop&designers=acme") <= plain + 3


def test_what_can_be_anything_is_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Article, "list_filters", ("body",))
    with pytest.raises(TypeError, match="any value"):
        questions_of.__wrapped__(Article)


def test_a_facet_of_many_kinds_takes_what_any_of_them_does() -> None:
    fields = tuple(kind_of(model).fields["status"] for model in (Park, Ride))
    facet = Facet("status", "Status", fields)
    assert {"operating", "removed", "closed-for-now"} <= facet.choices.keys()


def test_a_year_has_all_that_opened_in_it(client: Client) -> None:
    with BatchOperation("Rides") as batch:
        batch.process_changes(
            Ride(slug=f"r-{n}", name=f"R {n}", opened=opened)
            for n, opened in enumerate(["1998-12-31", "1999", "1999-12-31", "199X", "2000"])
        )
    answer: Any = client.get("/rides/?opened_from=1999&opened_to=1999&format=json")
    found = json.loads(b"".join(answer.streaming_content))
    assert [ride["slug"] for ride in found] == ["r-1", "r-2"]
