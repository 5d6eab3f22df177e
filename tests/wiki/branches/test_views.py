"""Branches and proposals as pages: fork, preview, sync, merge, conflicts, compare."""

import re

import pytest
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from tests.wiki.conftest import As
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.models import Branch, Proposal
from wiki.models import Article, Ride

pytestmark = pytest.mark.django_db


def edit(branch: str, **values: object) -> None:
    with branch_context(branch, message=f"Edit {branch}"):
        ride = Ride.objects.get()
        for name, value in values.items():
            setattr(ride, name, value)
        ride.save()


def answer_form(page: str, **choices: str) -> dict[str, str]:
    """Answers to the questions of a page, by the label of the field, or by title and label."""
    form: dict[str, str] = {}
    for name, title, legend in re.findall(
        r'<fieldset class="conflict" id="([^"]+)".*?"conflict-of">([^:]*): ([^<]+)</span>',
        page,
        re.DOTALL,
    ):
        form[f"{name}-signature"] = page.split(f'name="{name}-signature" value="')[1].split('"')[0]
        choice = choices.get(legend.lower()) or choices.get(f"{title}: {legend}")
        if choice is not None and choice.startswith("own:"):
            form |= {name: "own", f"{name}-own": choice.removeprefix("own:")}
        elif choice is not None:
            form[name] = choice
    return form


def test_a_branch_is_forked_with_a_form_at_any_moment(editor: Client, kestrel: Ride) -> None:
    at = reading.last_position()
    edit("main", name="Falcon")
    answer = editor.post("/branches/", {"name": "spring", "at": f"p{at}", "description": "Why"})
    assert answer["Location"] == "/branches/spring/"
    with viewpoint("spring"):
        assert Ride.objects.get().name == "Kestrel"
    assert "1 behind" in editor.get("/branches/spring/").content.decode()


def test_addresses_in_a_description_lead_to_the_pages_on_the_branch(client: Client) -> None:
    fork("spring", description="<b>: /rides/kong/ (or /parks/hill-park/)\n/x/rides/y/ /rides/")
    page = client.get("/branches/spring/").content.decode()
    assert '<a href="/~spring/rides/kong/">/rides/kong/</a>' in page
    assert '(or <a href="/~spring/parks/hill-park/">/parks/hill-park/</a>)' in page
    assert "&lt;b&gt;" in page
    assert "/x/rides/y/ /rides/</p>" in page


@pytest.mark.parametrize(
    "form",
    [{"name": "a/b"}, {"name": "a_b c"}, {"name": "Main"}, {"name": "富士 急"}, {"name": "main"},
     {"name": ""}, {"name": "x" * 61},
     {"name": "ok", "at": "never"}, {"name": "ok", "parent": "nope"}, {"name": "taken"},
     {"name": "TAKEN"}, {"name": "ok", "at": "p99999"}],
)  # fmt: skip
def test_a_fork_that_cannot_be_is_refused_with_a_sentence(
    editor: Client, form: dict[str, str]
) -> None:
    fork("taken")
    answer = editor.post("/branches/", form)
    assert answer.status_code == 422
    assert "field-errors" in answer.content.decode()
    assert Branch.objects.count() == 2


def test_a_branch_is_called_as_people_say(editor: Client, client: Client) -> None:
    answer = editor.post("/branches/", {"name": "My Alton Towers tidy-up"})
    assert answer["Location"] == "/branches/my-alton-towers-tidy-up/"
    fork("spring")
    assert "<h1>My Alton Towers tidy-up</h1>" in client.get(answer["Location"]).text
    assert "<h1>spring</h1>" in client.get("/branches/spring/").text
    listed = client.get("/branches/").text
    assert '<a href="/branches/my-alton-towers-tidy-up/">My Alton Towers tidy-up</a>' in listed
    change = f"{answer['Location']}change/"
    assert 'value="My Alton Towers tidy-up"' in editor.get(change).text
    editor.post(change, {"name": "My Alton Towers tidy-up", "description": "Paths"})
    assert Branch.objects.get(description="Paths").name == "my-alton-towers-tidy-up"
    Branch.objects.filter(description="Paths").update(title="Footpaths")
    editor.post(change, {"name": "Footpaths", "description": "Paths"})
    assert Branch.objects.get(title="Footpaths").name == "my-alton-towers-tidy-up"
    editor.post(change, {"name": "paths"})
    assert (Branch.objects.get(name="paths").title, Branch.objects.count()) == ("", 3)


def test_branches_are_listed_with_what_waits(editor: Client, kestrel: Ride) -> None:
    editor.post("/branches/", {"name": "spring", "description": "New names"})
    edit("spring", name="Falcon", status="closed", body="It dives.")
    edit("main", name="Eagle", status="operating")
    row = editor.get("/branches/").text.split('href="/branches/spring/">spring</a>')[1]
    assert "proposal" not in row.split("</tr>")[0]
    editor.post("/branches/spring/merge/", {"action": "propose"})
    listed = editor.get("/branches/").text.split('href="/branches/spring/">spring</a>')[1]
    row = listed.split("</tr>")[0]
    assert "New names" in row
    assert "one-of-editors" in row
    assert "1 proposal, 2 questions" in row
    page = editor.get("/proposals/1/conflicts/").text
    editor.post("/proposals/1/conflicts/", answer_form(page, name="theirs"))
    assert "1 proposal, 1 question<" in editor.get("/branches/").text


def test_a_reader_may_not_fork_merge_or_answer(signed_in: As, kestrel: Ride) -> None:
    fork("spring")
    reader = signed_in("readers")
    assert reader.post("/branches/", {"name": "x"}).status_code == 403
    assert reader.post("/branches/spring/merge/").status_code == 403
    assert reader.post("/branches/spring/sync/").status_code == 403
    assert reader.get("/branches/spring/change/").status_code == 403
    assert signed_in("editors").post("/branches/spring/merge/").status_code == 403


def test_a_merge_is_previewed_everywhere_before_it_is_made(
    moderator: Client, client: Client, kestrel: Ride
) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    edit("main", status="operating")
    preview = client.get("/~main+spring/rides/kestrel/")
    assert preview.status_code == 200
    text = preview.content.decode()
    assert '<h1 class="page-name">Falcon</h1>' in text
    assert "Operating" in text
    assert 'href="/~main+spring/rides/"' in text
    for address in ["", "rides/", "search/?q=falcon", "rides/kestrel/history/", "changes/"]:
        assert client.get(f"/~main+spring/{address}").status_code == 200, address
    assert "Falcon" in client.get("/~main+spring/search/?q=falcon").content.decode()
    assert moderator.post("/~main+spring/rides/kestrel/edit/").status_code == 409
    assert client.get("/~spring+main/").status_code == 404
    assert '<h1 class="page-name">Kestrel</h1>' in client.get("/rides/kestrel/").content.decode()
    assert "Falcon" in moderator.get("/branches/spring/merge/").content.decode()
    assert moderator.post("/branches/spring/merge/").status_code == 302
    assert Ride.objects.get().name == "Falcon"
    assert moderator.post("/branches/spring/merge/").status_code == 409


def test_conflicts_are_answered_by_several_people_and_merged_as_one(
    moderator: Client, editor: Client, client: Client, kestrel: Ride
) -> None:
    fork("spring")
    edit("spring", name="Falcon", body="It *dives*.\n", status="closed")
    edit("main", name="Eagle", body="It *swims*.\n")
    answer = moderator.post("/branches/spring/merge/")
    proposal = Proposal.objects.get()
    address = f"/proposals/{proposal.number}/"
    assert answer["Location"] == f"{address}conflicts/"
    page = moderator.get(f"{address}conflicts/").content.decode()
    assert "2 of 2" in page
    assert client.get(f"{address}conflicts/").status_code == 200
    moderator.post(f"{address}conflicts/", answer_form(page, name="theirs"))
    page = editor.get(f"{address}conflicts/").content.decode()
    assert "1 of 2" in page
    marked = editor.post(f"{address}conflicts/", answer_form(page, text="own:<<<<<<< x\n"))
    assert marked.status_code == 422
    done = editor.post(f"{address}conflicts/", answer_form(page, text="own:It *sings*.\n"))
    assert done["Location"] == address
    assert editor.post(address, {"action": "carry-out"}).status_code == 403
    before = Changeset.objects.count()
    assert moderator.post(address, {"action": "carry-out"}).status_code == 302
    assert Changeset.objects.count() == before + 1
    merged = Ride.objects.get()
    assert (merged.name, merged.body, merged.status) == ("Falcon", "It *sings*.\n", "closed")
    assert "closed" in client.get(address).content.decode()
    assert moderator.post(address, {"action": "carry-out"}).status_code == 409
    told = [client.get(f"/changes/{each.pk}/") for each in Changeset.objects.all()]
    assert {page.status_code for page in told} == {200}
    of_proposal = [page for page in told if "Proposal 1" in page.content.decode()]
    assert len(of_proposal) == 4  # opened, answered twice, carried out


def test_a_merge_tells_what_changes_beside_a_conflict(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon", status="closed")
    edit("main", name="Eagle")
    page = moderator.get("/branches/spring/merge/").content.decode()
    planned = page[page.index("What would change on main") :]
    assert "Closed" in planned
    assert "Falcon" not in planned
    edit("spring", status=Ride.objects.get().status)
    assert (
        "Nothing but what the questions"
        in moderator.get("/branches/spring/merge/").content.decode()
    )


def test_a_branch_tells_what_it_changed_not_what_its_parent_did(
    client: Client, kestrel: Ride
) -> None:
    gone = Article.objects.create(name="Gone", slug="gone")
    fork("spring")
    edit("spring", name="Falcon")
    with branch_context("spring"):
        Article.objects.create(name="Made here", slug="made-here")
        Article.objects.get(pk=gone.pk).delete()
    edit("main", status="closed")
    Article.objects.create(name="Made there", slug="made-there")
    page = client.get("/branches/spring/").content.decode()
    told = page[page.index("What it changes") : page.index("Its changes")]
    assert "Made there" not in told
    whats = re.findall(r'</h3><span class="meta small">([^<]*)</span>', told)
    assert sorted(whats) == ["changed: 1 fact", "created", "deleted"]
    assert '<span class="meta">Name</span> <del>Kestrel</del> <ins>Falcon</ins>' in told
    compared = client.get("/compare/?from=main&to=spring").content.decode()
    assert '<a href="/articles/made-there/">Made there</a>' in compared
    assert '<a href="/~spring/articles/made-here/">Made here</a>' in compared


def test_an_answer_to_sides_that_moved_on_is_refused(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    edit("main", name="Eagle")
    moderator.post("/branches/spring/merge/")
    page = moderator.get("/proposals/1/conflicts/").content.decode()
    edit("main", name="Buzzard")
    answer = moderator.post("/proposals/1/conflicts/", answer_form(page, name="theirs"))
    assert answer.status_code == 422
    assert "changed while you decided" in answer.content.decode()
    assert Proposal.objects.get().resolutions == {}


def test_a_page_deleted_here_and_changed_there_is_asked_about_as_a_whole(
    moderator: Client, kestrel: Ride
) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    kestrel.delete()
    moderator.post("/branches/spring/merge/")
    page = moderator.get("/proposals/1/conflicts/").content.decode()
    assert "the page is deleted" in page
    moderator.post("/proposals/1/conflicts/", answer_form(page, **{"the whole page": "theirs"}))
    moderator.post("/proposals/1/", {"action": "carry-out"})
    assert Ride.objects.get().name == "Falcon"


def test_two_pages_that_took_one_address_are_asked_about(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="falcon", name="Falcon of the branch")
    Ride.objects.create(slug="falcon", name="Falcon of main")
    moderator.post("/branches/spring/merge/")
    page = moderator.get("/proposals/1/conflicts/").content.decode()
    assert "Another ride has this address already: Falcon of main." in page
    assert "Another ride has this address already: Falcon of the branch." in page
    assert "no page: it is not added here" in page
    preview = moderator.get("/~main+spring/rides/").content.decode()
    assert ("Falcon of main" in preview, "Falcon of the branch" in preview) == (True, False)
    answers = answer_form(page, **{"Falcon of the branch: Address": "own:falcon-2"})
    moderator.post("/proposals/1/conflicts/", answers)
    assert moderator.post("/proposals/1/", {"action": "carry-out"}).status_code == 302
    assert set(Ride.objects.values_list("slug", flat=True)) == {"kestrel", "falcon", "falcon-2"}


def test_a_branch_is_merged_changeset_by_changeset(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", status="operating")
    edit("spring", name="Falcon")
    edit("spring", body="A ride.\n")
    edit("main", name="Eagle")
    assert 'name="each"' in moderator.get("/branches/spring/merge/").content.decode()
    answer = moderator.post("/branches/spring/merge/", {"each": "on"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == "/proposals/1/conflicts/"
    assert "1 of 3 changes were merged." in page
    assert Ride.objects.get().status == "operating"
    moderator.post("/proposals/1/conflicts/", answer_form(page, name="theirs"))
    assert "changeset by changeset" in moderator.get("/proposals/1/").content.decode()
    assert moderator.post("/proposals/1/", {"action": "carry-out"}).status_code == 302
    assert (Ride.objects.get().name, Ride.objects.get().body) == ("Falcon", "A ride.\n")
    shown = moderator.get(f"/changes/{Changeset.objects.filter(kind='merge').latest('id').pk}/")
    assert "Merged by" in shown.content.decode()


def test_a_branch_is_synced_and_what_conflicts_waits(editor: Client, kestrel: Ride) -> None:
    fork("spring")
    assert editor.get("/branches/spring/sync/").status_code == 302
    edit("main", status="operating")
    assert editor.get("/branches/spring/sync/").status_code == 200
    assert editor.post("/branches/spring/sync/").status_code == 302
    with viewpoint("spring"):
        assert Ride.objects.get().status == "operating"
    edit("spring", name="Falcon")
    edit("main", name="Eagle")
    assert editor.post("/branches/spring/sync/")["Location"] == "/proposals/1/conflicts/"
    page = editor.get("/proposals/1/conflicts/").content.decode()
    editor.post("/proposals/1/conflicts/", answer_form(page, name="ours"))
    assert editor.post("/proposals/1/", {"action": "carry-out"}).status_code == 302
    with viewpoint("spring"):
        assert Ride.objects.get().name == "Falcon"


def test_a_branch_is_renamed_described_archived_and_opened_again(
    editor: Client, kestrel: Ride
) -> None:
    editor.post("/branches/", {"name": "spring", "parent": "main"})
    form = {"name": "summer", "description": "Later"}
    assert editor.post("/branches/spring/change/", form)["Location"] == "/branches/summer/"
    assert editor.get("/branches/spring/").status_code == 404
    editor.post("/branches/summer/change/", {"action": "archive"})
    assert "summer" not in editor.get("/branches/").content.decode()
    assert "summer" in editor.get("/branches/?archived=1").content.decode()
    assert editor.get("/~summer/rides/kestrel/").status_code == 200
    answer = editor.post("/~summer/rides/kestrel/delete/")
    assert (answer.status_code, "archived" in answer.content.decode()) == (409, True)
    editor.post("/branches/summer/change/", {"action": "reopen"})
    assert editor.post("/~summer/rides/kestrel/delete/").status_code == 302
    assert editor.post("/branches/main/change/", form).status_code == 403


def test_any_two_viewpoints_compare(client: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    at = reading.last_position()
    edit("main", status="closed")
    for sides in ["from=main&to=spring", f"from=@p{at}&to=main", f"from=spring@p{at}&to=spring"]:
        assert client.get(f"/compare/?{sides}").status_code == 200
    assert "Falcon" in client.get("/compare/?from=main&to=spring").content.decode()
    assert client.get("/branches/spring/compare/")["Location"] == "/compare/?from=main&to=spring"
    assert client.get("/compare/").status_code == 200
    assert client.get("/compare/?from=main&to=nope").status_code == 400


def test_many_branches_are_listed_in_pages(client: Client) -> None:
    for number in range(105):
        fork(f"b-{number}")
    page = client.get("/branches/").content.decode()
    assert page.count('<th scope="row">') == 100
    following = page.split('rel="next" href="')[1].split('"')[0]
    assert client.get(f"/branches/{following}").content.decode().count('<th scope="row">') == 6


def test_a_withdrawn_proposal_is_closed(editor: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    answer = editor.post("/branches/spring/merge/", {"action": "propose", "summary": "Please"})
    assert answer["Location"] == "/proposals/1/"
    assert "Please" in editor.get("/proposals/").content.decode()
    editor.post("/proposals/1/", {"action": "withdraw"})
    assert "No proposal is waiting" in editor.get("/proposals/").content.decode()
    assert "Please" in editor.get("/proposals/?all=1").content.decode()


def looked(page: str) -> dict[str, str]:
    """What the form of a plan brings along, and a summary that was typed."""
    return {
        "plan_token": re.findall(r'name="plan_token" value="([^"]+)"', page)[0],
        "summary": "My words",
    }


@pytest.mark.parametrize(("act", "changed"), [("merge", "spring"), ("sync", "main")])
def test_nothing_is_done_that_was_not_looked_at(
    moderator: Client, kestrel: Ride, act: str, changed: str
) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    edit("main", status="closed")
    address = f"/branches/spring/{act}/"
    form = looked(moderator.get(address).text)
    edit(changed, opened="1998")
    edit(changed, opened="1999")
    before = reading.last_position()
    answer = moderator.post(address, form)
    assert answer.status_code == 409
    assert "Since you looked, 2 changes arrived, so nothing was done." in answer.text
    assert 'value="My words"' in answer.text
    assert "1999" in answer.text
    assert reading.last_position() == before
    assert moderator.post(address, looked(answer.text)).status_code == 302
    assert reading.last_position() > before
    assert Changeset.objects.latest("id").message == "My words"


def test_what_the_plan_is_not_about_may_change(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    form = looked(moderator.get("/branches/spring/merge/").text)
    Article.objects.create(slug="news", name="News")
    assert moderator.post("/branches/spring/merge/", form).status_code == 302


def test_a_proposal_is_carried_out_as_it_was_looked_at(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    moderator.post("/branches/spring/merge/", {"action": "propose"})
    form = looked(moderator.get("/proposals/1/").text) | {"action": "carry-out"}
    edit("spring", name="Eagle")
    answer = moderator.post("/proposals/1/", form)
    assert (answer.status_code, Ride.objects.get().name) == (409, "Kestrel")
    assert "Since you looked, 1 change arrived" in answer.text
    again = looked(answer.text) | {"action": "carry-out"}
    assert moderator.post("/proposals/1/", again).status_code == 302
    assert Ride.objects.get().name == "Eagle"


def test_a_changeset_is_reverted_as_it_was_looked_at(moderator: Client, kestrel: Ride) -> None:
    edit("main", name="Falcon", status="closed")
    address = f"/changes/{Changeset.objects.latest('id').pk}/revert/"
    form = looked(moderator.get(address).text)
    edit("main", status="operating")
    answer = moderator.post(address, form)
    assert answer.status_code == 409
    assert "Since you looked, 1 change arrived" in answer.text
    assert Ride.objects.get().name == "Falcon"
    assert moderator.post(address, {**form, "plan_token": "x-y"}).status_code == 409


def test_changesets_are_merged_one_by_one_as_they_were_looked_at(
    moderator: Client, kestrel: Ride
) -> None:
    fork("spring")
    edit("spring", name="Falcon")
    form = looked(moderator.get("/branches/spring/merge/").text) | {"each": "on"}
    edit("spring", name="Eagle")
    assert moderator.post("/branches/spring/merge/", form).status_code == 409
    assert Ride.objects.get().name == "Kestrel"
