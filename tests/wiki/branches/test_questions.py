"""Conflicts as questions: cards with who, when and why, passages, answers that are kept."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.wiki.branches.test_views import answer_form
from versioning import BatchOperation, acting_as, branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.fields.quantities import parse
from versioning.fields.units import LENGTH
from versioning.models import Branch, Proposal, ProposalPurpose
from wiki.branches.overview import MOST_PLANNED
from wiki.models import Ride, Source

pytestmark = pytest.mark.django_db

ADDRESS = "/proposals/1/conflicts/"
LINES = ["It rises.", "It turns.", "It waits.", "It dives."]


def text(**changed: str) -> str:
    """Four paragraphs, some of them otherwise: `text(rises="It climbs.")`."""
    return "\n\n".join(changed.get(line[3:-1], line) for line in LINES) + "\n"


def edit(branch: str, by: str, message: str, **values: object) -> None:
    account, _ = User.objects.get_or_create(username=by)
    with acting_as(account.pk), branch_context(branch, message=message):
        ride = Ride.objects.get()
        for name, value in values.items():
            setattr(ride, name, value)
        ride.save()


@pytest.fixture
def asked(kestrel: Ride) -> Proposal:
    """Height and text of a ride, changed on both sides; two of its passages are in question."""
    cited = [
        {
            "id": name,
            "field": "height",
            "source": str(Source.objects.create(slug=name, name=name).pk),
        }
        for name in ("survey", "sheet")
    ]
    figures = {"height": parse("456 ft", LENGTH), "citations": cited[:1]}
    edit("main", "ann", "The first figures", body=text(), **figures)
    fork("spring")
    edit("spring", "maren", "Measured", height=parse("457 ft", LENGTH))
    edit("spring", "tilde", "Plainer", body=text(rises="It goes up.", dives="It goes down."))
    edit("main", "somebody", "Of something else", theme="Birds")
    edit("main", "jonas", "The operator’s", height=parse("458 ft", LENGTH), citations=cited)
    edit(
        "main",
        "jonas",
        "Livelier",
        body=text(rises="It soars.", dives="It plunges.", turns="It spins."),
    )
    return propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)


def question(page: str, legend: str) -> str:
    return page.split(f"<legend>{legend}</legend>")[1].split("data-question")[0]


def names(page: str) -> dict[str, str]:
    """The name of each question in the form, by its legend."""
    found = re.findall(r'<fieldset class="conflict" id="([^"]+)"[^>]*>\s*<legend>([^<]+)<', page)
    return {legend: name for name, legend in found}


def test_each_card_says_who_when_and_why(client: Client, asked: Proposal) -> None:
    cards = question(client.get(ADDRESS).text, "How high is Kestrel?").split("<label")[1:4]
    told = zip(
        cards,
        ("Before both", "main says", "spring says"),
        ("456 ft", "458 ft", "457 ft"),
        ("", "+2 ft", "+1 ft"),
        ("ann", "jonas", "maren"),
        ("The first figures", "The operator’s", "Measured"),
        (">survey</a>", ">sheet</a>", ">survey</a>"),
        strict=True,
    )
    for card, *words in told:
        for word in words:
            assert word in card
    assert "somebody" not in "".join(cards)
    assert "sheet" not in cards[0] + cards[2]


def test_a_text_is_answered_passage_by_passage(editor: Client, asked: Proposal) -> None:
    page = editor.get(ADDRESS).text
    assert "Passage 2 of 2" in page
    assert "<<<<<<<" not in page.replace("&lt;", "<")
    name = names(page)["What does the text of Kestrel say?"]
    form = answer_form(page) | {name: "passages", f"{name}-passage-0": "theirs"}
    refused = editor.post(ADDRESS, form)
    assert refused.status_code == 422
    assert "1 of its 2 passages still need a choice" in refused.text
    assert re.search(rf'name="{name}-passage-0" value="theirs" checked', refused.text)
    form |= {f"{name}-passage-1": "own", f"{name}-passage-1-own": "It falls."}
    assert editor.post(ADDRESS, form).status_code == 302
    (kept,) = Proposal.objects.get().resolutions.values()
    assert kept["value"] == text(rises="It goes up.", turns="It spins.", dives="It falls.")


def test_one_answer_is_kept_and_what_else_was_typed_stays(editor: Client, asked: Proposal) -> None:
    page = editor.get(ADDRESS).text
    height = names(page)["How high is Kestrel?"]
    body = names(page)["What does the text of Kestrel say?"]
    form = answer_form(page, height="theirs") | {
        body: "own", f"{body}-own": "Not ready yet", "keep": height,
    }  # fmt: skip
    answer = editor.post(ADDRESS, form)
    assert answer.status_code == 200
    assert "1 of 2 wait" in answer.text
    assert "Not ready yet" in answer.text
    assert len(Proposal.objects.get().resolutions) == 1
    part = editor.post(f"{ADDRESS}?part=questions", {**form, "keep": body})
    assert part.text.lstrip().startswith('<div id="questions">')
    assert "Every question is answered" in part.text
    key = next(key for key in Proposal.objects.get().resolutions if key.endswith("height"))
    assert f'name="reopen" value="{key}"' in part.text
    assert "Answered by one-of-editors" in part.text
    editor.post(ADDRESS, {"reopen": key})
    assert "1 of 2 wait" in editor.get(ADDRESS).text


def test_a_refused_answer_keeps_what_was_typed(editor: Client, asked: Proposal) -> None:
    page = editor.get(ADDRESS).text
    height = names(page)["How high is Kestrel?"]
    refused = editor.post(ADDRESS, answer_form(page, height="own:very high"))
    assert refused.status_code == 422
    assert 'value="very high"' in refused.text
    assert "holds no figure" in question(refused.text, "How high is Kestrel?")
    nothing = editor.post(ADDRESS, {**answer_form(page), "keep": height})
    assert (nothing.status_code, "Choose an answer first" in nothing.text) == (422, True)


def test_what_was_decided_stands_on_the_page_of_the_branch(
    moderator: Client, client: Client, asked: Proposal
) -> None:
    before = client.get("/branches/spring/").text
    assert "2 questions before it can be merged" in before
    assert "Sign in to answer" in before
    page = moderator.get(ADDRESS).text
    moderator.post(ADDRESS, answer_form(page, height="theirs", text="ours"))
    done = moderator.post("/proposals/1/", {"action": "carry-out"}, follow=True).text
    assert "spring was merged into main." in done
    assert re.search(r'<a href="/changes/\d+/revert/">undo it</a>', done)
    after = client.get("/branches/spring/").text
    assert "It is merged" in after
    decided = after[after.index("What was decided") : after.index("Its changes")]
    assert "457 ft" in decided
    assert "one-of-moderators" in decided
    edit("main", "ann", "Later", theme="Fish")
    Ride.objects.get().history.suppress(Ride.objects.get().version - 1)
    assert "457 ft" not in client.get("/branches/spring/").text.split("What was decided")[-1]


def test_the_page_says_whether_a_branch_can_be_merged(
    moderator: Client, editor: Client, client: Client, kestrel: Ride
) -> None:
    editor.post("/branches/", {"name": "spring"})

    def verdict(of: Client) -> str:
        return of.get("/branches/spring/").text.split('id="verdict">')[1].split("</aside>")[0]

    assert "There is nothing to merge" in verdict(client)
    edit("spring", "maren", "Closed", status="closed")
    edit("main", "ann", "Of something else", theme="Birds")
    for reader, ground in (
        (client, "Sign in to answer, or to propose it."),
        (editor, "You can answer and propose it; a moderator merges it."),
    ):
        told = verdict(reader)
        assert "It can be merged as it is" in told
        assert "main has had one change since, and everything fits together." in told
        assert ground in told
    assert "moderator" not in verdict(moderator)
    assert '<a class="btn btn-primary" href="/branches/spring/merge/">' in verdict(moderator)
    editor.post("/branches/spring/change/", {"action": "archive"})
    assert "It is archived" in verdict(moderator)
    assert "/merge/" not in verdict(moderator)


def test_a_large_branch_is_not_looked_at_on_its_page(client: Client, kestrel: Ride) -> None:
    fork("spring")
    with BatchOperation("Many", branch="spring") as batch:
        batch.process_changes(Ride(slug=f"r-{n}", name=f"R {n}") for n in range(MOST_PLANNED + 1))
    page = client.get("/branches/spring/").text
    assert "It is a large branch" in page
    assert "R 7" not in page


def test_a_preview_marks_what_the_merge_brings(client: Client, kestrel: Ride) -> None:
    gone = Ride.objects.create(slug="gone", name="Gone")
    fork("spring")
    marks = {"Kestrel": "would change", "Made here": "would be new", "Gone": "would go"}
    with branch_context("spring"):
        Ride.objects.create(slug="made-here", name="Made here")
        Ride.objects.get(pk=gone.pk).delete()
        ride = Ride.objects.get(pk=kestrel.pk)
        ride.theme = "Birds"
        ride.save()
    page = client.get("/~main+spring/").text
    marked = page[page.index("What this merge would change") : page.index("What changed last")]
    rows = marked.split('<li class="row">')[1:]
    for title, state in marks.items():
        (row,) = [each for each in rows if f">{title}<" in each]
        assert state in row
