"""What moderators hide is on no page, for nobody else, from the answer to the command on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from eventstore.models import Changeset
from eventstore.reading import last_position
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.following.followed import catch_up
from tests.wiki.editing.test_views import open_form
from tests.wiki.test_queries import ADDRESSES
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.branches.sync import sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch, ProposalPurpose
from wiki.models import Company, Park, Ride

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

As = Callable[[str], Client]

WORDS = ("zanzibar", "quicksilver", "yellowstone", "wolverine", "xylophone")
NAME, BODY, OTHER_NAME, SUMMARY, SUMMARY_ON_BRANCH = WORDS
SECRETS = re.compile("|".join(WORDS), re.IGNORECASE)
DESK = re.compile(r"/moderation/suppressed/|/changes/\d+/suppress/")


@dataclass(frozen=True)
class Scene:
    """Where the log stood in the midst of what is to be hidden; and changesets that tell of it."""

    within: tuple[Position, Position, Position]
    summaries: tuple[int, ...]

    def prefixes(self) -> Iterator[str]:
        """Every viewpoint that showed it, or could by mistake."""
        second, third, fourth = self.within
        yield from ("/", "/~spring/", "/~main+spring/", "/~early/")
        yield from (f"/@p{second}/", f"/@p{third}/", f"/~spring@p{fourth}/")


def edit(client: Client, address: str, **values: str) -> None:
    form = open_form(client, f"{address}edit/")
    assert client.post(f"{address}edit/", form | values).status_code == 302


@pytest.fixture
def scene(kestrel: Ride, acme: Company, editor: Client) -> Scene:
    """Kestrel's second to fourth version say what they should not, and so does a branch's of it."""
    Park.objects.create(slug="dale", name="Dale")
    fork("spring")
    edit(editor, "/rides/kestrel/", body="It flew.", summary=f"A {SUMMARY}")
    kestrel.refresh_from_db()
    kestrel.name, kestrel.names = f"The {NAME}", [{"id": "1", "name": OTHER_NAME}]
    kestrel.body = f"It is {BODY}. See [[{BODY}]] and [[{NAME}]].\n"
    kestrel.manufacturer = acme
    kestrel.save()
    second = last_position()
    kestrel.slug = f"the-{NAME}"
    kestrel.body += "More.\n"
    kestrel.save()
    third = last_position()
    fork("early", at=third)
    kestrel.slug, kestrel.name, kestrel.names = "kestrel", "Kestrel", []
    kestrel.body = "It flies.\n"
    kestrel.save()
    with branch_context("spring", message=f"To the {SUMMARY_ON_BRANCH}"):
        there = Ride.objects.get(slug="kestrel")
        there.body = f"It is {BODY}.\n"
        there.save()
    fourth = last_position()
    with branch_context("spring"):
        there = Ride.objects.get(slug="kestrel")
        there.body = "It soars.\n"
        there.save()
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    catch_up()
    told = (SUMMARY, SUMMARY_ON_BRANCH)
    found = [Changeset.objects.get(recorded_message__endswith=word).pk for word in told]
    return Scene((second, third, fourth), tuple(found))


def hide_all(moderator: Client, scene: Scene) -> None:
    versions = {"first": "3", "last": "4", "reason": "Private"}
    assert moderator.post("/rides/kestrel/suppress/", versions).status_code == 302
    numbers = Ride.objects.get().history.all().values_list("version", flat=True)
    assert set(numbers) == {1, 2, 5}
    on_branch = {"first": "2", "last": "2", "reason": "Private"}
    assert moderator.post("/~spring/rides/kestrel/suppress/", on_branch).status_code == 302
    for number in scene.summaries:
        answer = moderator.post(f"/changes/{number}/suppress/", {"reason": "Private"})
        assert answer.status_code == 302


def addresses() -> list[str]:
    """Every route's, and those by the names that the page had."""
    others = [
        *(f"rides/the-{NAME}/{rest}" for rest in ("", "history/", "history/feed/", "blame/")),
        *(f"names/{word}/" for word in (NAME, OTHER_NAME)),
        *(f"search/?q={word}" for word in (NAME, OTHER_NAME, BODY)),
        f"search/suggest/?q={NAME[:4]}",
        *(f"rides/?export={form}" for form in ("csv", "jsonl")),
        *(f"rides/kestrel/history/{number}/" for number in range(1, 7)),
        *(f"rides/kestrel/diff/?from={first}&to=5" for first in range(1, 5)),
        "companies/acme/",
        "companies/acme/links/",
    ]
    return [*ADDRESSES.values(), *others]


def of_changesets() -> list[str]:
    """The addresses of every changeset, which says the same wherever one looks from."""
    numbers = Changeset.objects.order_by("id").values_list("pk", flat=True)
    return [f"/changes/{number}/{rest}" for number in numbers for rest in ("", "revert/")]


def told(client: Client, address: str) -> list[str]:
    """The secrets that an answer holds, its headers among it; not what was asked for."""
    answer = client.get(address)
    content = b"".join(answer) if answer.streaming else answer.content
    whole = content.decode() + repr(sorted(answer.headers.items()))
    for asked in WORDS:
        if asked in address:  # a page may say that there is nothing of what one asks for
            whole = whole.replace(asked, "")
    return sorted({word.lower() for word in SECRETS.findall(whole)})


def leaks(client: Client, scene: Scene) -> dict[str, list[str]]:
    every = [prefix + address for prefix in scene.prefixes() for address in addresses()]
    found = {address: told(client, address) for address in every + of_changesets()}
    return {address: secrets for address, secrets in found.items() if secrets}


@pytest.mark.slow
def test_what_is_hidden_is_on_no_page(scene: Scene, client: Client, moderator: Client) -> None:
    shown = leaks(client, scene)  # and every page is in the cache
    assert {word for words in shown.values() for word in words} == set(WORDS)
    hide_all(moderator, scene)
    assert leaks(client, scene) == {}
    catch_up()
    for_moderators = leaks(moderator, scene)  # who are shown more forms than editors
    assert all(DESK.search(address) for address in for_moderators), for_moderators
    assert audit(merges=True).findings == ()


def test_the_desk_alone_tells_it(scene: Scene, moderator: Client, editor: Client) -> None:
    hide_all(moderator, scene)
    page = moderator.get("/moderation/suppressed/").content.decode()
    assert NAME in page
    assert SUMMARY in page
    links = re.findall(r'"(/moderation/suppressed/[^"]+)"', page)
    content = "".join(moderator.get(link).content.decode() for link in links)
    assert {word.lower() for word in SECRETS.findall(content)} >= {NAME, BODY, OTHER_NAME}
    for address in ("/moderation/suppressed/", *links, f"/changes/{scene.summaries[0]}/suppress/"):
        assert editor.get(address).status_code == 403
        assert SECRETS.search(editor.get(address).content.decode()) is None


def test_it_is_shown_again(scene: Scene, client: Client, moderator: Client) -> None:
    before = leaks_of_kestrel(client, scene)
    hide_all(moderator, scene)
    page = moderator.get("/moderation/suppressed/").content.decode()
    for link in re.findall(r'"(/moderation/suppressed/[^"]+)"', page):
        assert moderator.post(link, {"reason": "It was public"}).status_code == 302
    for number in scene.summaries:
        assert moderator.post(f"/changes/{number}/suppress/", {"reason": "So"}).status_code == 302
    assert leaks_of_kestrel(client, scene) == before
    assert "No version is hidden." in moderator.get("/moderation/suppressed/").content.decode()


def leaks_of_kestrel(client: Client, scene: Scene) -> dict[str, list[str]]:
    asked = ["rides/kestrel/", "rides/kestrel/history/", f"rides/the-{NAME}/", "changes/"]
    every = [prefix + address for prefix in scene.prefixes() for address in asked]
    return {address: told(client, address) for address in every}


def test_a_summary_that_is_hidden_says_so(scene: Scene, client: Client, moderator: Client) -> None:
    hide_all(moderator, scene)
    page = client.get(f"/changes/{scene.summaries[0]}/").content.decode()
    assert "The summary was hidden by the moderators." in page


def test_a_history_tells_that_versions_are_hidden(
    scene: Scene, client: Client, moderator: Client
) -> None:
    assert "hidden by the moderators" not in client.get("/rides/kestrel/history/").text
    hide_all(moderator, scene)
    assert "Versions 3 to 4: hidden by the moderators." in (
        client.get("/rides/kestrel/history/").text
    )


def test_a_page_that_a_branch_released_leaves_a_gap_that_hides_nothing(
    kestrel: Ride, client: Client
) -> None:
    """What a sync brings in line stands in the branch's numbers, and is nobody's to read."""
    fork("spring")
    for body in ("It soars.", "It lands."):
        for branch in ("spring", "main"):
            with branch_context(branch):
                ride = Ride.objects.get()
                ride.body = body
                ride.save()
        sync(Branch.objects.get(name="spring"))
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.body = "It rests."
        ride.save()
    own = kind_of(Ride).version_model._base_manager.filter(branch_number__gt=1)
    numbers = sorted(own.values_list("version", flat=True))
    assert numbers[-1] - numbers[0] >= len(numbers)  # there is a gap
    page = client.get("/~spring/rides/kestrel/history/").text
    assert f"Version {numbers[-1]}" in page
    assert "hidden by the moderators" not in page


def test_editors_hide_nothing(scene: Scene, editor: Client) -> None:
    versions = {"first": "3", "last": "4", "reason": "So"}
    assert editor.post("/rides/kestrel/suppress/", versions).status_code == 403
    assert (
        editor.post(f"/changes/{scene.summaries[0]}/suppress/", {"reason": "So"}).status_code == 403
    )
    assert Ride.objects.get().history.all().count() == 5


def test_what_cannot_be_hidden_is_told_on_the_form(scene: Scene, moderator: Client) -> None:
    for first, last, sentence in (
        ("3", "5", "Version 5 is what stands there now."),
        ("9", "9", "The branch has no version 9 of its own"),
        ("4", "3", "The branch has no versions 4 to 3"),
        ("0", "x", "Ensure this value is greater than or equal to 1."),
    ):
        form = {"first": first, "last": last, "reason": "So"}
        answer = moderator.post("/rides/kestrel/suppress/", form)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Ride.objects.get().history.all().count() == 5


def test_the_pages_of_hiding_are_well_formed(scene: Scene, moderator: Client) -> None:
    hide_all(moderator, scene)
    history = moderator.get("/rides/kestrel/history/").content.decode()
    assert "/rides/kestrel/suppress/" in history
    assert moderator.get("/rides/kestrel/suppress/?first=3&last=4").status_code == 200
    assert (
        moderator.get(
            "/moderation/suppressed/01890000-0000-7000-8000-000000000000/1/3/"
        ).status_code
        == 404
    )
