"""A private branch is on no page for others, byte for byte; members, its owner, moderators see it.

The twin without the branch is the wiki itself, a moment before it was forked.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from eventstore.models import Changeset
from eventstore.reading import last_position
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.following.followed import catch_up
from projections.rebuild import rebuild
from tests.wiki.conftest import As
from tests.wiki.editing.test_views import open_form
from tests.wiki.test_queries import ADDRESSES, wiki  # noqa: F401  # a fixture
from versioning import acting_as, branch_context
from versioning.models import Branch, Comment, Proposal
from wiki.accounts.reading import ReaderMiddleware
from wiki.models import Company, Ride
from wiki.viewpoints.revalidation import SETTLED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "wiki")]

WORDS = ("zanzibar", "quicksilver", "yellowstone", "wolverine", "xylophone", "marzipan", "oregano")
NAME, DESCRIPTION, TITLE, BODY, SUMMARY, PROPOSAL, COMMENT = WORDS
SAID_THERE = re.compile("|".join(WORDS), re.IGNORECASE)
NOWHERE = "atlantis"
"""A name as long as the branch's, of no branch."""

IN_PAGES = (TITLE, BODY)
"""What a merge brings to everybody."""

Answers = dict[str, tuple[int, dict[str, str], str]]


@dataclass(frozen=True)
class Cast:
    """Browsers of those who may see it, and of those who may not."""

    owner: Client
    member: Client
    moderator: Client
    editor: Client
    anonymous: Client

    @property
    def others(self) -> dict[str, Client]:
        return {"anonymous": self.anonymous, "editor": self.editor}

    @property
    def insiders(self) -> dict[str, Client]:
        return {"owner": self.owner, "member": self.member, "moderator": self.moderator}


@pytest.fixture
def cast(editor: Client, moderator: Client) -> Cast:
    return Cast(_account("owner"), _account("member"), moderator, editor, Client())


def _account(name: str) -> Client:
    account = User.objects.create_user(name, date_joined=timezone.now() - timedelta(days=30))
    account.groups.set([Group.objects.get(name="editors")])
    client = Client()
    client.force_login(account)
    return client


def post(client: Client, address: str, **values: str) -> None:
    answer = client.post(address, values)
    assert answer.status_code == 302, answer.content.decode()


def fork_and_write(cast: Cast) -> Position:
    """Everything that can be done on a branch; where the log stood in the midst of it."""
    owner = cast.owner
    post(owner, "/branches/", name=NAME, description=f"For {DESCRIPTION}", is_private="on")
    post(owner, f"/branches/{NAME}/members/", action="invite", account="member")
    there = f"/~{NAME}/rides/kestrel/"
    form = open_form(owner, f"{there}edit/")
    form |= {"body": f"It is {BODY}. See [[{TITLE}]].\n", "summary": f"The {SUMMARY}"}
    post(owner, f"{there}edit/", **form)
    within = last_position()
    form = open_form(owner, f"{there}rename/")
    post(owner, f"{there}rename/", **form | {"name": f"The {TITLE}", "slug": TITLE})
    form = open_form(owner, f"/~{NAME}/rides/new/")
    post(owner, f"/~{NAME}/rides/new/", **form | {"name": f"New {TITLE}"})
    sync_or_merge = f"/branches/{NAME}/merge/"
    post(owner, sync_or_merge, action="propose", summary=f"{PROPOSAL}, please")
    post(cast.member, f"/branches/{NAME}/talk/", text=f"Is the {COMMENT} there?")
    said = Comment.every.latest("number").number
    post(cast.moderator, f"/branches/{NAME}/talk/{said}/", action="take-back")
    post(cast.member, f"/branches/{NAME}/talk/", text=f"Is the {COMMENT} there now?")
    post(owner, f"/branches/{NAME}/change/", name=f"{NAME}-bay", description=f"Of {DESCRIPTION}")
    post(owner, f"/branches/{NAME}-bay/change/", name=NAME, description=f"Of {DESCRIPTION}")
    post(cast.member, "/branches/", name=f"{NAME}-two", parent=NAME, description=DESCRIPTION)
    catch_up()
    return within


def public_prefixes() -> Iterator[str]:
    yield from ("/", f"/@p{last_position()}/", "/~spring/", "/~main+spring/")


def private_prefixes() -> Iterator[str]:
    """The viewpoints that are of the branch, by whatever name it had."""
    yield from (f"/~{name}/" for name in (NAME, f"{NAME}-bay", f"{NAME}-two"))
    yield from (f"/~main+{NAME}/", f"/~{NAME}+{NAME}-two/", f"/~{NAME}@p1/")


def addresses() -> list[str]:
    """Every route's, and others that would tell of the branch if any did."""
    others = [
        "accounts/owner/", "accounts/member/", "accounts/owner/?before=1000",
        "branches/?archived=1", "proposals/?all=1", "compare/?from=main&to=main",
        f"rides/{TITLE}/", f"rides/{TITLE}/history/", f"names/{TITLE}/", f"search/?q={TITLE}",
        f"search/?q={BODY}", f"search/suggest/?q={TITLE[:5]}", "rides/?format=csv",
        "rides/?format=json", "moderation/", "account/", "rides/kestrel/diff/?from=main&to=spring",
    ]  # fmt: skip
    return [*ADDRESSES.values(), *others]


def of_the_branch() -> list[str]:
    """The addresses that name it."""
    routes = [address for address in ADDRESSES.values() if address.startswith("branches/spring/")]
    by_name = [
        *(
            f"/{route.replace('spring', name)}"
            for route in routes
            for name in (NAME, f"{NAME}-two")
        ),
        f"/branches/{NAME}/compare/",
        f"/branches/?parent={NAME}",
        f"/compare/?from=main&to={NAME}",
        f"/compare/?from={NAME}&to=spring",
        f"/travel/?branch={NAME}&path=/rides/",
        f"/travel/?branch={NAME}&when=p1&path=/rides/",
        f"/rides/kestrel/diff/?from=main&to={NAME}",
        f"/moderation/accounts/somebody/roll-back/?since=p1&branch={NAME}",
    ]
    return by_name + [p + a for p in private_prefixes() for a in ("", "changes/", "search/")]


def at_its_moments(name: str, within: Position) -> list[str]:
    """The addresses of a branch at a moment that only came to be with the private one."""
    at = f"{name}@p{within}"
    return [
        *(f"/~{at}/{address}" for address in ("", "changes/", "rides/kestrel/")),
        f"/compare/?from=main&to={at}",
        f"/travel/?branch={name}&when=p{within}&path=/rides/",
        f"/rides/kestrel/diff/?from=main&to={at}",
    ]


def by_number(changesets: Iterable[int], proposals: Iterable[int]) -> list[str]:
    """What its changesets and proposals would be at."""
    return [
        *(f"{prefix}changes/{n}/{rest}" for n in changesets for rest in ("", "revert/", "suppress/")
          for prefix in ("/", "/~spring/")),
        *(f"/@c{n}/" for n in changesets),
        *(f"/proposals/{n}/{rest}" for n in proposals for rest in ("", "conflicts/")),
    ]  # fmt: skip


ONCE = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=name="plan_token" value=")\d+'
    r'|(?<=name="identity" value=")[^"]+'
    r"|(?<=X-CSRFToken&quot;: &quot;)[^&]+|(?<=nonce[=-])\"?[\w+/=-]+"
)
"""What no two answers have alike: tokens, and where the log stood when a plan was made."""


def answer(client: Client, address: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and content, without what is of one answer alone."""
    given = client.get(address)
    content = b"".join(given) if given.streaming else given.content
    headers = {name: ONCE.sub("", value) for name, value in given.headers.items()}
    return given.status_code, headers, ONCE.sub("", content.decode())


def answers(clients: dict[str, Client], asked: Iterable[str]) -> dict[str, Answers]:
    asked = list(asked)
    return {who: {each: answer(client, each) for each in asked} for who, client in clients.items()}


def batched_evenly(asked: Sequence[str], parts: int) -> list[Sequence[str]]:
    """The addresses in so many parts, those of each prefix and route in all of them."""
    return [asked[part::parts] for part in range(parts)]


def told(address: str, given: tuple[int, dict[str, str], str]) -> set[str]:
    """The words of the branch that an answer has; not those that were asked for."""
    whole = given[2] + repr(sorted(given[1].items()))
    return {w.lower() for w in SAID_THERE.findall(whole)} - {w for w in WORDS if w in address}


def told_by(found: dict[str, Answers]) -> dict[tuple[str, str], set[str]]:
    every = (
        (who, address, given) for who, some in found.items() for address, given in some.items()
    )
    return {(who, a): words for who, a, given in every if (words := told(a, given))}


def unnamed(given: tuple[int, dict[str, str], str]) -> str:
    """An answer without the name that was asked for."""
    return repr(given).replace(NAME, NOWHERE)


def parents_on(page: str) -> list[str]:
    """The changesets that a changeset's page says it came after."""
    (after,) = re.findall(r"<dt>After</dt><dd>(.*?)</dd>", page)
    return re.findall(r'href="(/changes/\d+/)"', after)


@pytest.mark.slow
def test_no_page_is_other_than_without_it(cast: Cast) -> None:
    catch_up()
    first, newest = Changeset.objects.latest("pk").pk + 1, Proposal.objects.count() + 1
    asked = [prefix + address for prefix in public_prefixes() for address in addresses()]
    asked += of_the_branch() + by_number(range(first, first + 15), (newest, newest + 1))
    time.sleep(SETTLED.total_seconds())  # from then on pages say when they last changed
    before = answers(cast.others, asked)
    within = fork_and_write(cast)
    assert Changeset.objects.latest("pk").pk == first + 12
    # And whatever insiders saw is in the cache: each of them some of it.
    for client, some in zip(cast.insiders.values(), batched_evenly(asked, 3), strict=True):
        answers({"insider": client}, some)
    after = answers(cast.others, asked)
    for who, given in after.items():
        other = [address for address in asked if given[address] != before[who][address]]
        assert other == [], (who, other)
    for client in cast.others.values():
        for here, nowhere in zip(
            *(at_its_moments(n, within) for n in (NAME, NOWHERE)), strict=True
        ):
            assert unnamed(answer(client, here)) == unnamed(answer(client, nowhere)), here
    within_it = [f"/@p{within}/{address}" for address in addresses()]
    assert told_by(after) == {}
    assert told_by(answers(cast.others, within_it)) == {}
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0


def seen_by(client: Client) -> set[str]:
    """The words that pages tell whoever may see the branch."""
    asked = [
        "/branches/", "/proposals/", f"/branches/{NAME}/", "/proposals/2/", f"/~{NAME}/changes/",
        f"/~{NAME}/changes/feed/", f"/~{NAME}/rides/kestrel/", f"/~{NAME}/rides/{TITLE}/",
        f"/compare/?from=main&to={NAME}", f"/~main+{NAME}/rides/", f"/~{NAME}/search/?q=new",
        f"/branches/{NAME}-two/", f"/~{NAME}-two/rides/?format=csv",
        *(f"/changes/{each.pk}/" for each in Changeset.objects.filter(branch__gt=2)),
    ]  # fmt: skip
    found = {address: answer(client, address) for address in asked}
    assert {
        address: given[0] for address, given in found.items() if given[0] not in (200, 301)
    } == {}
    return {word.lower() for given in found.values() for word in SAID_THERE.findall(given[2])}


def test_members_and_moderators_see_it_and_all_do_once_it_is_public(cast: Cast) -> None:
    fork_and_write(cast)
    for client in cast.insiders.values():
        assert seen_by(client) == set(WORDS)
    post(cast.owner, f"/branches/{NAME}/members/", action="public")
    assert Branch.objects.get(name=f"{NAME}-two").is_private
    post(cast.member, f"/branches/{NAME}-two/members/", action="public")
    for client in cast.others.values():
        assert seen_by(client) == set(WORDS)


def test_a_merge_gives_the_pages_and_nothing_else(cast: Cast) -> None:
    fork_and_write(cast)
    page = open_form(cast.moderator, "/proposals/2/")
    answered = cast.moderator.get("/proposals/2/conflicts/").content.decode()
    values = dict(re.findall(r'name="([^"]+-signature)" value="([^"]+)"', answered))
    chosen = {name.removesuffix("-signature"): "theirs" for name in values}
    if chosen:
        post(cast.moderator, "/proposals/2/conflicts/", **values | chosen)
        page = open_form(cast.moderator, "/proposals/2/")
    post(cast.moderator, "/proposals/2/", plan_token=page["plan_token"])
    catch_up()
    merged = Changeset.objects.latest("pk").pk
    assert BODY in cast.anonymous.get(f"/rides/{TITLE}/").content.decode()
    asked = [prefix + address for prefix in public_prefixes() for address in addresses()]
    more = (f"/rides/{TITLE}/{rest}" for rest in ("", "history/", "blame/", "history/feed/"))
    asked += [*more, f"/changes/{merged}/", f"/changes/{merged}/revert/"]
    leaks = told_by(answers(cast.others, asked))
    assert {word for words in leaks.values() for word in words} <= set(IN_PAGES)
    for client in cast.others.values():
        page_of_merge = client.get(f"/changes/{merged}/").content.decode()
        assert "Merge a branch into main" in page_of_merge
        assert len(parents_on(page_of_merge)) == 1
    assert len(parents_on(cast.member.get(f"/changes/{merged}/").content.decode())) == 2
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0


def test_others_cannot_do_to_it_what_they_could_not_do_to_none(cast: Cast) -> None:
    acts = [
        (f"/branches/{NAME}/change/", {"name": "mine", "description": ""}),
        (f"/branches/{NAME}/merge/", {}),
        (f"/branches/{NAME}/sync/", {}),
        (f"/branches/{NAME}/members/", {"action": "leave"}),
        (f"/branches/{NAME}/members/", {"action": "invite", "account": "editor"}),
        (f"/~{NAME}/rides/kestrel/edit/", {"name": "Mine"}),
        ("/proposals/2/", {"action": "withdraw"}),
        ("/proposals/2/conflicts/", {}),
        ("/branches/", {"name": "fine", "parent": NAME}),
    ]

    def outcome(client: Client) -> list[tuple[int, str]]:
        given = [client.post(address, values) for address, values in acts]
        return [(each.status_code, ONCE.sub("", each.content.decode())) for each in given]

    before = {who: outcome(client) for who, client in cast.others.items()}
    fork_and_write(cast)
    end = last_position()
    assert {who: outcome(client) for who, client in cast.others.items()} == before
    assert last_position() == end


def test_its_name_is_not_told_by_the_refusal_of_it(cast: Cast) -> None:
    fork_and_write(cast)
    given = []
    for name in (NAME, "sync"):
        answered = cast.editor.post("/branches/", {"name": name, "parent": "main"})
        assert answered.status_code == 422
        page = ONCE.sub("", answered.content.decode())
        given.append(page.replace(f'value="{name}"', "").replace(f"&#x27;{name}&#x27;", ""))
    assert "has a meaning of its own here" in given[0]
    assert given[0] == given[1]


def test_an_account_finds_its_invitations_and_leaves(cast: Cast) -> None:
    fork_and_write(cast)
    assert NAME in cast.member.get("/account/").content.decode()
    assert NAME not in cast.editor.get("/account/").content.decode()
    members = f"/branches/{NAME}/members/"
    assert cast.member.post(members, {"action": "remove", "account": "1"}).status_code == 403
    assert cast.moderator.post(members, {"action": "public"}).status_code == 403
    assert cast.owner.post(members, {"action": "leave"}).status_code == 409
    unknown = cast.owner.post(members, {"action": "invite", "account": "nobody-at-all"})
    assert unknown.status_code == 422
    post(cast.member, members, action="leave")
    assert cast.member.get(f"/branches/{NAME}/").status_code == 404
    assert cast.member.get(f"/~{NAME}-two/").status_code == 404
    post(cast.owner, members, action="invite", account="MEMBER")
    assert cast.member.get(f"/branches/{NAME}/").status_code == 200
    member = User.objects.get(username="member")
    post(cast.owner, members, action="remove", account=str(member.pk))
    assert cast.member.get(f"/branches/{NAME}/").status_code == 404


def test_administrators_say_who_sees_it_too(cast: Cast, signed_in: As) -> None:
    fork_and_write(cast)
    administrator = signed_in("administrators")
    post(administrator, f"/branches/{NAME}/members/", action="invite", account="one-of-editors")
    assert cast.editor.get(f"/branches/{NAME}/").status_code == 200


def test_what_is_public_already_is_not_made_private(cast: Cast) -> None:
    fork_and_write(cast)
    protection = {
        "editing": "moderators", "renaming": "everybody", "deleting": "everybody",
        "reason": "So", "duration": "week", "protect": "1",
    }  # fmt: skip
    refused = cast.moderator.post(f"/branches/{NAME}/protect/", protection)
    assert refused.status_code == 409
    post(cast.owner, "/branches/", name="open", parent="main")
    post(cast.moderator, "/branches/open/protect/", **protection)
    refused = cast.owner.post("/branches/open/members/", {"action": "private"})
    assert refused.status_code == 409
    assert "was protected once" in refused.content.decode()
    post(cast.owner, "/branches/", name="quiet", parent="main")
    post(cast.owner, "/branches/quiet/members/", action="private")
    assert cast.anonymous.get("/branches/quiet/").status_code == 404
    assert cast.anonymous.get("/branches/main/members/").status_code == 302
    assert cast.owner.get("/branches/main/members/").status_code == 409


def test_what_a_page_keeps_is_the_same_for_all(cast: Cast, kestrel: Ride) -> None:
    """A member's look at main, and at the branch, leaves nothing for others to find in a cache."""
    fork_and_write(cast)
    cast.member.get("/account/")  # where it is told what it did
    for client in (cast.member, cast.anonymous, cast.moderator):
        page = client.get("/rides/kestrel/").content.decode()
        assert SAID_THERE.search(page) is None
    assert BODY in cast.member.get(f"/~{NAME}/rides/{TITLE}/").content.decode()
    assert cast.anonymous.get(f"/~{NAME}/rides/{TITLE}/").status_code == 404


def test_whoever_looks_first_members_never_find_what_was(cast: Cast, acme: Company) -> None:
    """The cache is told what moved by any reader, also of what that one may not see."""
    fork_and_write(cast)
    there = f"/~{NAME}/companies/acme/"
    assert f"New {TITLE}" not in cast.member.get(there).content.decode()
    with acting_as(User.objects.get(username="owner").pk), branch_context(NAME):
        ride = Ride.objects.get(name=f"New {TITLE}")
        ride.manufacturer = acme
        ride.save()
    cast.anonymous.get("/rides/kestrel/")
    assert f"New {TITLE}" in cast.member.get(there).content.decode()


def test_a_merge_changeset_by_changeset_names_none_of_them(cast: Cast) -> None:
    post(cast.owner, "/branches/", name=NAME, is_private="on")
    form = open_form(cast.owner, f"/~{NAME}/parks/dale/edit/")
    post(cast.owner, f"/~{NAME}/parks/dale/edit/", **form | {"body": "Wide."})
    merge = f"/branches/{NAME}/merge/"
    assert "everybody reads each one" in cast.moderator.get(merge).content.decode()
    token = open_form(cast.moderator, merge)["plan_token"]
    post(cast.moderator, merge, plan_token=token, each="on")
    page = f"/changes/{Changeset.objects.latest('pk').pk}/"
    assert "On the branch" in cast.owner.get(page).content.decode()
    for client in cast.others.values():
        told_of_it = client.get(page).content.decode()
        assert "Merged by" in told_of_it
        assert "On the branch" not in told_of_it


def test_what_is_sent_bit_by_bit_is_read_for_the_same_account(cast: Cast) -> None:
    fork_and_write(cast)

    def parts() -> Iterator[str]:
        for _ in range(2):  # each asks anew
            yield " ".join(Branch.objects.values_list("name", flat=True)) + " "

    def names(_: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(parts())

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    answered = ReaderMiddleware(names)(request)
    assert isinstance(answered, StreamingHttpResponse)
    assert set(b"".join(answered).decode().split()) == {"main", "spring"}
