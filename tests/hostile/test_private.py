# ruff: noqa: F811  # fixtures are called as what they give
"""Private branches: what Bob, an editor who is no member of Ann's, may find out of one."""

from urllib.parse import quote

import pytest
from django.test import Client

from eventstore.models import Changeset
from tests.hostile.driving import allowed, nothing_stored
from tests.hostile.inputs import entry
from tests.wiki.branches.test_private import (
    NAME,
    NOWHERE,
    TITLE,
    Cast,
    answer,
    cast,  # noqa: F401  # a fixture
    fork_and_write,
    post,
    told,
    unnamed,
)
from tests.wiki.test_queries import wiki  # noqa: F401  # a fixture
from versioning.models import Branch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "wiki")]


@pytest.fixture
def branch(cast: Cast) -> Branch:
    """Ann's, with everything on it that a branch can have."""
    fork_and_write(cast)
    return Branch.every.get(name=NAME)


def require_nothing_told(cast: Cast, number: int, *addresses: str) -> None:
    for client in cast.others.values():
        for address in addresses:
            allowed(number, client.get(address))
            assert told(address, answer(client, address)) == set(), address


@entry(200)
@pytest.mark.parametrize("rest", ["", "rides/kestrel/", "changes/?part=changes", "rides/new/"])
def test_it_is_as_if_it_was_not_there(cast: Cast, branch: Branch, rest: str) -> None:
    for client in cast.others.values():
        here, nowhere = (f"/~{name}/{rest}" for name in (NAME, NOWHERE))
        assert allowed(200, client.get(here))
        assert unnamed(answer(client, here)) == unnamed(answer(client, nowhere))
        for ask in (client.head, client.post):
            with nothing_stored():
                given = [ask(address) for address in (here, nowhere)]
            assert len({each.status_code for each in given}) == 1
            assert len({each.get("Content-Length") for each in given}) == 1


@entry(202)
def test_no_list_and_no_count_has_it(cast: Cast, branch: Branch) -> None:
    require_nothing_told(
        cast, 202, "/branches/", "/branches/?archived=1", "/compare/?from=main&to=spring",
        "/sitemap.xml", "/changes/feed/", "/audit/", "/branches/spring/",
    )  # fmt: skip


@entry(203)
def test_its_name_is_refused_as_one_that_addresses_use(cast: Cast, branch: Branch) -> None:
    """That it means something is told, for two branches cannot have one name (decision 24)."""
    form = {"parent": "main", "description": ""}
    with nothing_stored():
        given = {
            name: cast.editor.post("/branches/", form | {"name": name}) for name in (NAME, "main")
        }
    answers = {name: each.content.decode().replace(name, "*") for name, each in given.items()}
    assert given[NAME].status_code == given["main"].status_code == 422
    assert told(NAME, (422, {}, given[NAME].content.decode())) == set()
    assert answers[NAME].count("field-errors") == answers["main"].count("field-errors") == 1


@entry(205)
def test_its_changesets_have_no_pages(cast: Cast, branch: Branch) -> None:
    numbers = Changeset.every.filter(branch=branch.number).values_list("pk", flat=True)
    assert len(numbers) > 3
    for client in cast.others.values():
        for number in numbers:
            allowed(205, client.get(f"/changes/{number}/"))
            assert client.get(f"/changes/{number}/").status_code == 404
            here, unused = (_without_number(client, n) for n in (number, 99999))
            assert here == unused
            assert told("", answer(client, f"/@c{number}/")) == set()


def _without_number(client: Client, number: int) -> str:
    """The page of a changeset, but for its number: in the sentence, and in its own address."""
    page = answer(client, f"/changes/{number}/")[2].replace(f"changeset {number}", "changeset N")
    return page.replace(f"/changes/{number}/", "").replace(quote(f"/changes/{number}/", ""), "")


@entry(206)
def test_no_list_of_changes_has_it(cast: Cast, branch: Branch) -> None:
    """There are no live updates, digests, webhooks and watch lists: see `absent.py`."""
    require_nothing_told(
        cast, 206, "/changes/", "/changes/feed/", "/accounts/owner/", "/accounts/member/",
        "/rides/kestrel/history/", "/rides/kestrel/history/feed/",
    )  # fmt: skip


@entry(208)
def test_what_is_made_of_pages_has_none_of_its(cast: Cast, branch: Branch) -> None:
    require_nothing_told(
        cast, 208, "/", "/statistics/", "/on-this-day/", "/reports/links/", "/reports/orphans/",
        "/rides/kestrel/links/", "/parks/hill-park/", "/sitemap-rides.xml", "/map/", "/rides/",
    )  # fmt: skip


@entry(209)
@pytest.mark.parametrize("rest", ["", "history/", "blame/", "timeline/", "diff/?from=1&to=2"])
def test_a_page_of_it_alone_is_nowhere_else(cast: Cast, branch: Branch, rest: str) -> None:
    for client in cast.others.values():
        for prefix in ("/", "/@p5/", "/~spring/"):
            address = f"{prefix}rides/{TITLE}/{rest}"
            allowed(209, client.get(address, follow=True))
            assert told(address, answer(client, address)) == set()


@entry(211)
def test_no_choice_offers_what_it_has(cast: Cast, branch: Branch) -> None:
    require_nothing_told(
        cast, 211, f"/search/suggest/?q={TITLE[:5]}", f"/parks/options/?of=park&park={TITLE[:5]}",
        f"/search/?q={TITLE}", "/rides/kestrel/",
    )  # fmt: skip


@entry(212)
def test_what_was_forked_from_it_is_private_as_well(cast: Cast, branch: Branch) -> None:
    child = f"{NAME}-two"
    assert Branch.every.get(name=child).is_private
    with nothing_stored():
        refused = cast.member.post(f"/branches/{child}/members/", {"action": "public"})
    assert refused.status_code in (400, 403, 404, 409)
    for client in cast.others.values():
        allowed(212, client.get(f"/~{child}/rides/kestrel/"))


@entry(215)
def test_whoever_may_see_it_is_asked_each_time(cast: Cast) -> None:
    post(cast.owner, "/branches/", name=NAME, is_private="on")
    address, members = f"/~{NAME}/rides/kestrel/", f"/branches/{NAME}/members/"
    for action, status in (("public", 200), ("private", 404), ("public", 200)):
        post(cast.owner, members, action=action)
        for client in (*cast.others.values(), Client()):
            allowed(215, answered := client.get(address))
            assert answered.status_code == status
            assert client.get(f"{address}history/").status_code == status
        assert cast.owner.get(address).status_code == 200


@entry(230)
@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "zip"])
def test_no_export_has_it(cast: Cast, branch: Branch, form: str) -> None:
    for client in cast.others.values():
        for prefix in ("/", "/~spring/", "/@p5/"):
            given = client.get(f"{prefix}rides/?format={form}")
            if given.status_code != 400:  # no such form of it
                text = b"".join(given) if given.streaming else given.content
                assert NAME.encode() not in text
                assert TITLE.encode() not in text
            assert client.get(f"/~{NAME}/rides/?format={form}").status_code == 404
