"""Versions, diffs of any two, blame, changesets and their revert, as pages."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from versioning import BatchOperation, acting_as, branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync
from versioning.models import Branch
from versioning.schema.events import KindRemoved
from versioning.schema.reading import read_lines
from versioning.schema.recording import record_schema
from wiki.changes.contents import contents_of
from wiki.changes.listed import counted, listed
from wiki.models import Article, Park, Ride
from wiki.undoing.reverting import MOST_ASKED

pytestmark = pytest.mark.django_db


def edit(ride: Ride, **values: object) -> int:
    for name, value in values.items():
        setattr(ride, name, value)
    ride.save()
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    return int(changeset.pk)


def test_a_history_is_read_a_key_at_a_time(client: Client, kestrel: Ride) -> None:
    for number in range(60):
        edit(kestrel, body=f"It flies {number} times.")
    first = client.get("/rides/kestrel/history/").content.decode()
    assert first.count('type="radio" name="to"') == 50
    following = first.split('rel="next" href="')[1].split('"')[0]
    assert client.get(following).content.decode().count('type="radio" name="to"') == 11
    part = client.get(f"{following}&part=versions").content.decode()
    assert "<html" not in part
    assert client.get("/rides/kestrel/history/?before=x").status_code == 400


def test_any_two_versions_moments_and_branches_compare(client: Client, kestrel: Ride) -> None:
    at = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        edit(Ride.objects.get(), body="It **dives**.")
    number = edit(kestrel, status="operating")
    for sides in [
        "from=1&to=2",
        f"from=p{at}&to=main",
        f"from=@p{at}&to=spring",
        f"from=c{number}&to=spring@p{at + 2}",
        "from=2&to=2",
    ]:
        assert client.get(f"/rides/kestrel/diff/?{sides}").status_code == 200, sides
    text = client.get("/rides/kestrel/diff/?from=main&to=spring").content.decode()
    assert "<del>flies</del><ins>dives</ins>" in text
    assert "Operating" in text


@pytest.mark.parametrize(
    ("sides", "status"),
    [("", 400), ("from=1", 400), ("from=1&to=nope", 400), ("from=1&to=9", 404),
     ("from=1&to=p999999", 400), ("from=1&to=main%2Bspring", 400), ("from=%00&to=1", 400)],
)  # fmt: skip
def test_a_side_that_is_none_is_said_to_be_none(
    client: Client, kestrel: Ride, sides: str, status: int
) -> None:
    assert client.get(f"/rides/kestrel/diff/?{sides}").status_code == status


def test_blame_names_who_wrote_and_who_merged(client: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring", message="On the branch"):
        edit(Ride.objects.get(), body="It **flies**.\nHigh.\n")
    merge(Branch.objects.get(name="spring"))
    text = client.get("/rides/kestrel/blame/").content.decode()
    assert "merged by" in text


def test_a_changeset_shows_all_that_it_did(client: Client, kestrel: Ride) -> None:
    number = edit(kestrel, body="It **dives**.", category="dark")
    text = client.get(f"/changes/{number}/").content.decode()
    assert "<del>flies</del><ins>dives</ins>" in text
    assert "Dark ride" in text
    assert f'href="/@c{number}/rides/kestrel/"' in text
    assert client.get("/changes/999/").status_code == 404
    assert client.get("/changes/99999999999999999999999/").status_code == 404


def test_a_large_changeset_is_shown_in_pages(client: Client) -> None:
    with BatchOperation("Many") as batch:
        batch.process_changes(Article(slug=f"a-{n}", name=f"A {n}") for n in range(120))
    assert batch.sealed is not None
    address = f"/changes/{batch.sealed.changeset}/"
    first = client.get(address).content.decode()
    assert first.count("<h2>") == 50
    following = first.split('rel="next" href="')[1].split('"')[0]
    assert client.get(address + following).content.decode().count("<h2>") == 50


def test_a_revert_is_looked_at_and_then_done(moderator: Client, kestrel: Ride) -> None:
    number = edit(kestrel, category="dark")
    edit(kestrel, body="It **dives**.")
    assert "Roller coaster" in moderator.get(f"/changes/{number}/revert/").content.decode()
    answer = moderator.post(f"/changes/{number}/revert/", {"summary": "It is\0 none" + "!" * 400})
    assert answer.status_code == 302
    reverted = Ride.objects.get()
    assert (reverted.category, reverted.body) == ("roller-coaster", "It **dives**.")
    assert f"changeset {number}" in moderator.get(answer["Location"]).content.decode()
    assert moderator.post(f"/changes/{number}/revert/").status_code == 409


def test_a_revert_in_conflict_asks(moderator: Client, kestrel: Ride) -> None:
    number = edit(kestrel, name="Falcon")
    edit(kestrel, name="Eagle")
    page = moderator.get(f"/changes/{number}/revert/").content.decode()
    name = page.split('<fieldset class="conflict" id="')[1].split('"')[0]
    signature = page.split(f'name="{name}-signature" value="')[1].split('"')[0]
    assert moderator.post(f"/changes/{number}/revert/").status_code == 409
    form = {name: "theirs", f"{name}-signature": signature}
    assert moderator.post(f"/changes/{number}/revert/", form).status_code == 302
    assert Ride.objects.get().name == "Kestrel"


def test_a_reverts_questions_name_pages_that_came_later(moderator: Client) -> None:
    park = Park.objects.create(slug="dale", name="Dale Park")
    number = Changeset.objects.latest("pk").pk
    Ride.objects.create(slug="falcon", name="Falcon", park=park)
    page = moderator.get(f"/changes/{number}/revert/").content.decode()
    assert "<legend>In which park is Falcon?</legend>" in page
    rides = [Ride(slug=f"r{n}", name=f"Ride {n}", park=park) for n in range(MOST_ASKED)]
    Ride.objects.bulk_create(rides)
    refused = moderator.get(f"/changes/{number}/revert/")
    assert refused.status_code == 409
    assert f"{MOST_ASKED + 1} questions" in refused.content.decode()


def test_recent_changes_name_the_pages_that_they_wrote(client: Client, kestrel: Ride) -> None:
    edit(kestrel, name="Falcon & Co")
    with branch_context("main", message="Two at once"):
        Article.objects.create(slug="lifts", name="Lifts")
        drops = Article.objects.create(slug="drops", name="Drops")
        drops.body = "Fall."
        drops.save()
    Article.objects.bulk_create(Article(slug=f"a-{n}", name=f"A {n}") for n in range(4))
    fork("spring")
    for address in ("/changes/", "/"):
        page = client.get(address).content.decode()
        assert re.search(r'<a href="/changes/\d+/">Falcon &amp; Co</a>', page)
        assert '>Two at once</a> <span class="meta">Lifts, Drops</span>' in page
        assert re.search(r'<a href="/changes/\d+/">4 changes</a>', page)
        assert "no summary" not in page
    with branch_context("spring"):
        edit(Ride.objects.get(), name="Eagle")
    assert re.search(
        r'<a href="/~spring/changes/\d+/">Eagle</a>',
        client.get("/~spring/changes/").content.decode(),
    )


def test_what_fields_mean_is_no_change_of_a_page(client: Client) -> None:
    """A log's first changeset makes main and says what all kinds are; migrations say more."""
    kinds = [(KindRemoved, {"kind": f"shop.kind{n}"}) for n in range(5)]
    record_schema(kinds, after=read_lines().version, message="Migrate shop 0002_fewer")
    page = client.get("/changes/").content.decode()
    assert '>The wiki begins.</a> <span class="meta">main</span>' in page
    row = page[page.index(">Migrate shop 0002_fewer</a>") :].split("</li>")[0]
    assert "changes" not in row


def test_recent_changes_are_those_of_the_viewpoint(client: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring", message="On the branch alone"):
        edit(Ride.objects.get(), name="Falcon")
    assert "On the branch alone" in client.get("/~spring/changes/").content.decode()
    assert "On the branch alone" not in client.get("/changes/").content.decode()
    assert client.get("/changes/?before=x").status_code == 400


def test_a_list_counts_what_was_written_and_not_the_positions(client: Client) -> None:
    """Logs of earlier releases have positions that no event has, where a savepoint ended."""
    with branch_context("main", message="With a gap"):
        Park.objects.create(slug="a", name="Before the gap")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval('eventstore_position', last_value + 9) FROM eventstore_position"
            )
        Park.objects.create(slug="b", name="Behind the gap")
    with BatchOperation("Four") as batch:
        batch.process_changes(Park(slug=f"p-{n}", name=f"P {n}") for n in range(4))
    four, gap = counted(Changeset.objects.order_by("-pk"))[:2]
    assert gap.last_position - gap.first_position == 10
    assert [row.pages for row in listed([four, gap])] == [
        "4 changes",
        "Before the gap, Behind the gap",
    ]
    assert "Before the gap, Behind the gap" in client.get("/changes/").text


def test_a_changeset_after_a_release_tells_what_the_branch_showed_before(
    client: Client, kestrel: Ride
) -> None:
    # main    1 ───────────── 2 (Kestrel III)
    # spring    └─ 2 ── 3 ──── (released) ── 4 (Kestrel IV)
    fork("spring")
    for name in ("Kestrel II", "Kestrel III"):
        with branch_context("spring"):
            edit(Ride.objects.get(), name=name)
    edit(kestrel, name="Kestrel III")
    sync(Branch.objects.get(name="spring"))
    with branch_context("spring"):
        edit(Ride.objects.get(), name="Kestrel IV")
    changeset = Changeset.objects.latest("id")
    (changed,) = contents_of(changeset).entities
    assert changed.before is not None
    assert (changed.before.branch, changed.before.document["name"]) == (1, "Kestrel III")
    assert [field.name for field in changed.fields] == ["name"]
    assert "changed" in client.get(f"/changes/{changeset.pk}/").content.decode()


def test_an_entity_that_changes_twice_in_a_changeset_is_shown_step_by_step(kestrel: Ride) -> None:
    with branch_context("main"):
        for name in ("Kestrel II", "Kestrel III"):
            kestrel.name = name
            kestrel.save()
    found = contents_of(Changeset.objects.latest("id")).entities
    before = [each.before.document["name"] for each in found if each.before]
    assert before == ["Kestrel", "Kestrel II"]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html)).strip()


def told_changes(client: Client) -> list[str]:
    """What a history says that its versions changed, the newest first."""
    page = client.get("/rides/kestrel/history/").text
    return [
        words(each) for each in re.findall(r'<div class="changed">(.*?)</div>', page, re.DOTALL)
    ]


def test_a_history_says_what_each_version_changed(client: Client, kestrel: Ride) -> None:
    dale = Park.objects.create(slug="dale", name="Dale Park")
    edit(kestrel, height="456 ft", inversions=3)
    edit(kestrel, height="458 ft", inversions=2)
    edit(kestrel, height="139.6 m", inversions=None, park=dale)
    edit(kestrel, body="It **flies** high.", category="dark")
    edit(kestrel, body="It **dives** deep.")
    edit(kestrel, height="10 m", length="20 m", speed="30 km/h", duration="60 s", theme="Birds")
    others = "Length 20 m (66 ft) Speed 30 km/h (18.6 mph) Duration, Theme"
    unit = "the same, in m Inversions 2 taken away"
    assert told_changes(client) == [
        f"Height 139.6 m (458 ft) 10 m (33 ft) −129.6 m {others}",
        "Text, as long as before",
        "Category Roller coaster Dark ride Text, 5 characters longer",
        f"Height 458 ft (140 m) 139.6 m (458 ft) {unit} Park Hill Park Dale Park",
        "Height 456 ft (139 m) 458 ft (140 m) +2 ft Inversions 3 2 −1",
        "Height 456 ft (139 m) Inversions 3",
        "created",
    ]
    kestrel.delete()
    assert told_changes(client)[0] == "deleted"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/compare/?from=main&to=sprign", "sprign"),
        ("/compare/?from=main@2024-13-01&to=main", "2024-13-01"),
        ("/rides/kestrel/diff/?from=1&to=9", "There is no version 9."),
        ("/rides/kestrel/diff/?from=1&to=2024-13-01", "2024-13-01"),
        ("/rides/kestrel/diff/?from=sprign&to=1", "sprign"),
    ],
)
def test_a_mistyped_side_is_told_beside_the_form_that_has_it(
    client: Client, kestrel: Ride, address: str, sentence: str
) -> None:
    answer = client.get(address)
    assert answer.status_code in {400, 404}
    (told,) = re.findall(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
    assert sentence in told
    typed = re.findall(r'<input id="\w+" name="(from|to)" value="([^"]*)"', answer.text)
    assert "&".join(f"{name}={value}" for name, value in typed) == address.partition("?")[2]


def versions_told(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'name="to" value="(\d+)"', page)]


def test_a_history_is_narrowed_to_a_fact_and_an_author(client: Client, kestrel: Ride) -> None:
    ann, bob = (User.objects.create_user(name) for name in ("Ann", "Bob"))
    with acting_as(ann.pk):
        edit(kestrel, height="40 m")
        edit(kestrel, body="It dives.")
    with acting_as(bob.pk):
        edit(kestrel, height="41 m", speed="30 km/h")
        edit(kestrel, status="operating")
    edit(kestrel, body="It dives deep.")

    def narrowed(query: str) -> list[int]:
        return versions_told(client.get(f"/rides/kestrel/history/?{query}").text)

    assert narrowed("") == [6, 5, 4, 3, 2, 1]
    assert narrowed("field=height") == [4, 2]
    assert narrowed("field=body") == [6, 3, 1]
    assert narrowed("by=ann") == [3, 2]
    assert narrowed("field=height&by=+Bob+") == [4]
    assert narrowed("field=park") == [1], "The first version told where it stands."
    assert narrowed("by=Nobody") == []
    refused = client.get("/rides/kestrel/history/?field=teapot")
    assert refused.status_code == 400
    assert "teapot" in refused.text


def test_a_narrowed_history_goes_on_where_it_has_looked(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiki.screens.history.LOOKED_THROUGH", 5)
    edit(kestrel, height="40 m")
    for number in range(7):
        edit(kestrel, body=f"It flies {number} times.")
    told: list[int] = []
    address = "/rides/kestrel/history/?field=height"
    for _ in range(3):
        page = client.get(address).text
        told += versions_told(page)
        _, _, following = page.partition('rel="next" href="')
        if not following:
            break
        address = unescape(following.split('"')[0])
    assert told == [2]
