"""Forms sent by somebody who wrote the fields by hand."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.hostile.driving import allowed, nothing_stored, text_of, told
from tests.hostile.inputs import entries, entry
from tests.hostile.markup import surface
from tests.wiki.branches.test_views import answer_form
from tests.wiki.editing.test_views import open_form
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.models import Proposal
from wiki.models import Article, Company, Park, ParkArea, Ride, Source

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"


def edit(client: Client, address: str = EDIT, /, **values: Any) -> Any:
    """A form as it is opened, with some values in it."""
    return client.post(address, open_form(client, address) | values)


def errors(text: str) -> str:
    """What a form says is wrong."""
    said = re.findall(r'class="(?:field-errors|message)".*?</(?:ul|div)>', text, re.DOTALL)
    return html.unescape(" ".join(said))


@entry(82)
def test_a_form_takes_its_own_fields_alone(editor: Client, kestrel: Ride) -> None:
    other = User.objects.create_user("other")
    extra = {
        "actor": other.pk, "actor_id": other.pk, "branch": "spring", "is_staff": "on",
        "created_at": "2001-01-01", "position": "1", "id": "7", "pk": "7", "slug": "pills",
        "version": "99", "on_branch": "2", "links": "x",
    }  # fmt: skip
    fork("spring")
    editor_id = User.objects.get(username="one-of-editors").pk
    answer = edit(editor, body="It dives.", **extra)
    allowed(82, answer)
    newest = Changeset.objects.latest("id")
    assert (newest.actor_id, newest.branch) == (editor_id, 1)
    saved = Ride.objects.get()
    assert (saved.pk, saved.slug, saved.version, saved.body) == (
        kestrel.pk,
        "kestrel",
        2,
        "It dives.",
    )
    preview = edit(editor, action="preview", **extra)
    assert "pills" not in allowed(82, preview).replace('value="pills"', "")
    answer = editor.post("/articles/new/", {"name": "Fresh", **extra})
    assert answer["Location"] == "/articles/pills/"  # a new page's form does have this field
    assert Article.objects.get().on_branch == 1
    assert not User.objects.filter(is_staff=True).exists()


BASES = ["999999", "-1", "abc", "", "0", "999999-1", "1-999", "1-2", "9" * 5_000 + "-1", "1-1-1"]


@entry(83)
@pytest.mark.parametrize("base", BASES)
def test_a_base_that_is_none_is_never_taken_for_the_head(
    editor: Client, kestrel: Ride, base: str
) -> None:
    kestrel.body = "Others wrote this."
    kestrel.save()
    with nothing_stored():
        text = allowed(83, edit(editor, base=base, body="My words."))
    assert "It is not known which version of this page your edit began from" in text
    assert "My words." in text


@entry(83)
def test_a_base_that_is_missing_or_of_another_page_is_none(editor: Client, kestrel: Ride) -> None:
    other = Ride.objects.create(slug="gull", name="Gull")
    for body in ("1", "2", "3"):
        other.body = body
        other.save()
    theirs = open_form(editor, "/rides/gull/edit/")["base"]
    form = open_form(editor, EDIT) | {"body": "My words."}
    with nothing_stored():
        allowed(83, editor.post(EDIT, form | {"base": theirs}))
        form.pop("base")
        allowed(83, editor.post(EDIT, form))


@entry(85)
def test_a_page_that_went_keeps_the_words_and_one_that_moved_takes_them(
    editor: Client, kestrel: Ride
) -> None:
    """A page that moved is saved under its new address, by way of a redirect (308)."""
    form = open_form(editor, EDIT) | {"body": "My words."}
    kestrel.slug = "falcon"
    kestrel.save()
    assert editor.post(EDIT, form, follow=True).status_code == 200
    assert Ride.objects.get().body == "My words."
    Ride.objects.get().delete()
    with nothing_stored():
        answer = editor.post("/rides/falcon/edit/", form)
    text = allowed(85, answer)
    assert "My words." in text
    assert "/rides/falcon/history/" in text


@entry(86)
def test_a_form_is_saved_on_the_branch_that_it_is_of(editor: Client, kestrel: Ride) -> None:
    fork("spring")
    fork("autumn")
    assert edit(editor, f"/~spring{EDIT}", body="Of spring.").status_code == 302
    form = open_form(editor, f"/~spring{EDIT}") | {"name": "Of spring"}
    with nothing_stored():
        for address in (EDIT, f"/~autumn{EDIT}"):
            text = allowed(86, editor.post(address, form))
            assert "It is not known which version" in text
            assert "Of spring" in text


@entry(88)
@pytest.mark.parametrize("index", range(4))
def test_a_message_is_one_bounded_line(editor: Client, kestrel: Ride, index: int) -> None:
    """The form refuses what is too long or unseen (422); a deed's own form cuts and shows it."""
    message = [*entries()[88].generated, "   \t "][index]
    answer = edit(editor, body=f"Dives {index}.", summary=message)
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert editor.post("/rides/kestrel/delete/", {"summary": message}).status_code == 302
    kept = Changeset.objects.latest("id").message
    assert len(kept) <= 300
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", kept)
    assert "\n" not in kept
    for address in ("/changes/", "/changes/feed/", "/rides/kestrel/history/"):
        assert "\x1b" not in text_of(editor.get(address))


@entry(89)
def test_nothing_that_changed_is_nothing_that_is_kept(editor: Client, kestrel: Ride) -> None:
    kestrel.name, kestrel.body = "Café", "Été.\n\nTwo.\n"
    kestrel.save()
    form = open_form(editor, EDIT)
    decomposed = {"name": "Cafe\u0301", "body": "E\u0301te\u0301.\r\n\r\nTwo.\r\n"}
    with nothing_stored():
        for sent in (form, form | {"body": "Été.\r\n\r\nTwo.\r\n"}):
            allowed(89, editor.post(EDIT, sent))
    with nothing_stored():
        allowed(89, editor.post(EDIT, form | decomposed))
    assert Ride.objects.get().body == "Été.\n\nTwo.\n"


@entry(91)
@pytest.mark.parametrize("name", ["height", "inversions", "capacity", "opened", "building_cost"])
def test_a_number_without_end_is_refused(editor: Client, kestrel: Ride, name: str) -> None:
    digits = entries()[91].generated
    with nothing_stored():
        answer = edit(editor, **{name: digits})
    allowed(91, answer)
    assert answer.status_code == 422
    assert errors(answer.text)


@entry(91)
@pytest.mark.parametrize(
    "address",
    ["/changes/{}/", "/proposals/{}/", "/rides/kestrel/history/{}/", "/changes/?before={}",
     "/rides/kestrel/diff/?from={}&to=1", "/@p{}/", "/@c{}/", "/orphans/?page={}",
     "/reports/orphans/rides/?page={}", "/map/?page={}", "/search/?q=x&page={}",
     "/rides/?height_over={}", "/rides/?opened_from={}", "/compare/?from=main&to=main&page={}",
     "/rides/?after={}", "/map/?zoom={}", "/sitemap-rides.xml?p={}",
     "/rides/kestrel/timeline/?year={}",
     "/on-this-day/?month={}&day=1", "/admin/wiki/ride/{}/change/"],
)  # fmt: skip
def test_a_number_without_end_in_an_address_is_none(
    client: Client, kestrel: Ride, address: str
) -> None:
    answer = client.get(address.format(entries()[91].generated))
    if answer.status_code != 302:  # to signing in
        allowed(91, answer)


@entry(92)
@pytest.mark.parametrize(
    "place", ["91, 7", "48, 181", "NaN, NaN", "48.2", "48.2,", "1e400, 7", "40.5 N", "inf, 7", "x"]
)
def test_a_place_that_is_nowhere_is_refused(editor: Client, kestrel: Ride, place: str) -> None:
    with nothing_stored():
        answer = edit(editor, coordinates=place)
    allowed(92, answer)
    assert answer.status_code == 422
    assert errors(answer.text)


@entry(92)
def test_a_place_in_another_country_is_asked_about(editor: Client, kestrel: Ride) -> None:
    swapped = {"country": "DE", "coordinates": "7.722, 48.266"}
    answer = edit(editor, "/parks/hill-park/edit/", **swapped)
    assert "lie in Somalia, and the country is Germany" in errors(allowed(92, answer))
    assert Park.objects.get().coordinates is None
    form = swapped | {"despite": "It is a ship."}
    assert edit(editor, "/parks/hill-park/edit/", **form).status_code == 302


@entry(94)
def test_what_cannot_be_referred_to_is_said_in_the_same_words(
    editor: Client, kestrel: Ride, acme: Company
) -> None:
    """There are no private branches; a park of another branch is as absent as any."""
    fork("spring")
    with branch_context("spring"):
        Park.objects.create(slug="secret", name="Secret")
    Park.objects.create(slug="gone", name="Gone").delete()
    said = set()
    for park in ("999999999", "gone", "acme", "secret", str(acme.pk), str(kestrel.pk), "kestrel"):
        with nothing_stored():
            answer = edit(editor, park=park)
        assert answer.status_code == 422
        allowed(94, answer)
        said.add(errors(answer.text).replace(park, "…"))
    assert len(said) == 1
    for address in ("/parks/options/?of=park&park=secret", "/parks/options/?of=park&park=gone"):
        assert "<option" not in editor.get(address).text


@entry(95)
def test_no_hierarchy_is_a_circle(moderator: Client) -> None:
    for name in "ab":
        ParkArea.objects.create(slug=name, name=name.upper())
        Company.objects.create(slug=name, name=name.upper())
    assert edit(moderator, "/areas/a/edit/", parent="b").status_code == 302
    with nothing_stored():
        for address, value in (
            ("/areas/b/edit/", {"parent": "a"}), ("/areas/a/edit/", {"parent": "a"}),
            ("/companies/a/edit/", {"parent": "a"}),
        ):  # fmt: skip
            allowed(95, edit(moderator, address, **value))
    # Fine alone on each side, a circle together.
    fork("spring")
    assert edit(moderator, "/companies/a/edit/", parent="b").status_code == 302
    assert edit(moderator, "/~spring/companies/b/edit/", parent="a").status_code == 302
    before = Company.objects.get(slug="b").version
    answer = moderator.post("/branches/spring/merge/")
    assert "/conflicts/" in answer["Location"]
    assert Company.objects.get(slug="b").version == before
    for address in ("/companies/a/", "/areas/b/", "/companies/", "/~main+spring/companies/b/"):
        assert moderator.get(address).status_code == 200


@entry(97)
def test_a_form_has_so_many_fields(editor: Client, kestrel: Ride) -> None:
    body = entries()[97].generated
    with nothing_stored():
        answer = editor.post(EDIT, body, content_type="application/x-www-form-urlencoded")
    allowed(97, answer)
    assert "takes in at once" in told(answer)


@entry(97)
def test_a_form_has_so_many_files(editor: Client, kestrel: Ride) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
    with nothing_stored():
        answer = editor.post(
            EDIT, part * 2_000 + "--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
    allowed(97, answer)
    assert told(answer)


COUNTS = ["1000000", "-1", "abc", None, "9" * 5_000, "2.5", "\u0663"]


@entry(98)
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", ["names", "citations", "statuses"])
def test_a_list_in_a_form_has_so_many_rows(
    editor: Client, kestrel: Ride, name: str, count: str | None
) -> None:
    form = open_form(editor, EDIT)
    form.pop(f"{name}-count")
    if count is not None:
        form[f"{name}-count"] = count
    answer = editor.post(EDIT, form)
    assert answer.status_code in {200, 302, 400, 422}
    text = editor.post(EDIT, form | {f"{name}-button": "add-0"}).text
    assert text.count(f'name="{name}-') < 10_000
    assert Ride.objects.get().version == 1


LINKS = [
    "javascript:window.pwned=1", "JaVaScRiPt:window.pwned=1", "data:text/html,x", "vbscript:x",
    "https://example.org\n", "https://example.org\nX: y", "https://user:pw@example.org",
    "//example.org", "http://[::1]:5432/", "https://exаmple.org", "ftp://example.org/",
    "https://example.org/\x00", "https://", "http://x" + "x" * 500,
    "https://example.org\u2044x", "https://ex\u00adample.org", "https://wíkipedia.org",
]  # fmt: skip


@entry(100)
@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_where_it_says(editor: Client, link: str) -> None:
    Source.objects.create(slug="report", name="Report")
    Park.objects.create(slug="dale", name="Dale")
    for address, name, model in (
        ("/sources/report/edit/", "address", Source), ("/parks/dale/edit/", "website", Park),
    ):  # fmt: skip
        answer = edit(editor, address, **{name: link})
        allowed(100, answer)
        kept = str(getattr(model.objects.get(), name))
        assert (answer.status_code == 422) == (kept == "")
        if answer.status_code == 422:
            assert errors(answer.text)
        assert "\n" not in kept
        assert "@" not in kept
        page = editor.get(address.removesuffix("edit/")).text
        assert surface(page).schemes <= {"", "http", "https"}
        if kept:
            shown = re.search(rf'<a href="{re.escape(html.escape(kept))}" rel="([^"]*)"', page)
            assert shown is not None
            assert {"nofollow", "noopener"} <= set(shown[1].split())


@entry(100)
@pytest.mark.parametrize("link", LINKS)
def test_no_link_that_came_by_another_way_is_led_to(client: Client, link: str) -> None:
    """What the ORM, or an import of before, stored is told, and not led to."""
    link = link.replace("\x00", "")[:200]
    source = Source.objects.create(slug="report", name="Report", address=link, archived=link)
    Park.objects.create(slug="dale", name="Dale", website=link)
    Article.objects.create(slug="lifts", name="Lifts", body=f"[@{source.slug}]")
    for address in ("/sources/report/", "/parks/dale/", "/articles/lifts/"):
        found = surface(client.get(address).text)
        assert found.schemes <= {"", "http", "https"}
        assert not [value for _, _, value in found.addresses if "@" in value]


@entry(101)
@pytest.mark.parametrize("settings_of", ["mailing"])
@pytest.mark.parametrize(
    ("name", "address"),
    [("ann", "ann@example.org\nBcc: all@example.org"), ("Ann\r\nX: y", "ann@example.org"),
     ("ann", "ann@example.org\r\nBcc: x@example.org"), ("ann\n", "ann@example.org"),
     ("ann", "ann@example.org,all@example.org"), ("ann", '"a\nb"@example.org')],
)  # fmt: skip
def test_no_address_adds_a_header(
    client: Client, settings: Any, settings_of: str, name: str, address: str
) -> None:
    settings.MAIL_SERVER = {"host": "mail.example"}
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    form = {"username": name, "email": address, "password1": "correct horse battery"}
    answer = client.post("/account/signup/", form)
    for sent in mail.outbox:
        assert sent.to == ["ann@example.org"]
        assert "bcc" not in str(sent.message()).lower()
    for account in User.objects.all():  # blanks around a name are none of it
        assert (account.username, account.email) == ("ann", "ann@example.org")
    if answer.status_code == 200:
        allowed(101, answer)


@entry(103)
def test_what_others_point_to_is_not_deleted_under_them(moderator: Client, kestrel: Ride) -> None:
    for n in range(40):
        Ride.objects.create(slug=f"r-{n}", name=f"Ride {n}", park=kestrel.park)
    with nothing_stored():
        text = allowed(103, moderator.post("/parks/hill-park/delete/"))
    assert 'href="/rides/r-1/"' in text
    # A branch adds a ride where main deletes the park.
    park = Park.objects.create(slug="dale", name="Dale")
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="new", name="New", park=Park.objects.get(pk=park.pk))
    allowed(103, moderator.post("/parks/dale/delete/"))
    answer = moderator.post("/branches/spring/merge/")
    assert "/conflicts/" in answer["Location"]
    assert not Ride.objects.filter(slug="new").exists()
    assert audit().faults == 0


@pytest.fixture
def conflict(editor: Client, kestrel: Ride) -> str:
    """The address of a proposal with a conflict about the name; spring's is another's."""
    for branch in ("spring", "autumn"):
        fork(branch)
        with branch_context(branch):
            ride = Ride.objects.get()
            ride.name, ride.body = branch, branch
            ride.save()
    kestrel.name = "Main"
    kestrel.save()
    for branch in ("spring", "autumn"):
        editor.post(f"/branches/{branch}/merge/", {"action": "propose"})
    return "/proposals/1/conflicts/"


@entry(104)
def test_an_answer_that_nobody_asked_for_is_none(editor: Client, conflict: str) -> None:
    page = editor.get(conflict).text
    form = answer_form(page, name="theirs")
    name = next(key for key in form if not key.endswith("-signature"))
    wrong: list[dict[str, str]] = [
        {name: "theirs"}, {**form, f"{name}-signature": "x"}, {**form, name: "nonsense"},
        {"body": "theirs", "body-signature": "x"}, {**form, name: "own"},
        answer_form(page, name=f"own:{'x' * 5_000}"), answer_form(page, name="own:\u202e"),
        {"reopen": "nothing"}, {"reopen": "\0"}, {"reopen": name},
        answer_form(editor.get("/proposals/2/conflicts/").text, name="theirs"),
    ]  # fmt: skip
    for sent in wrong:
        before = reading.last_position()
        answer = editor.post(conflict, sent)
        assert reading.last_position() == before, sent
        assert answer.status_code in {302, 400, 403, 404, 409, 422}, sent
        assert Proposal.objects.get(number=2).resolutions == {}
    assert Proposal.objects.get(number=1).resolutions == {}


@entry(104)
def test_an_answer_given_twice_or_too_late_is_none(editor: Client, conflict: str) -> None:
    form = answer_form(editor.get(conflict).text, name="theirs")
    assert editor.post(conflict, form).status_code == 302
    with nothing_stored():
        editor.post(conflict, form)
    key = next(iter(Proposal.objects.get(number=1).resolutions))
    assert editor.post(conflict, {"reopen": key}).status_code == 302
    with nothing_stored():
        allowed(104, editor.post(conflict, {"reopen": key}))
    with branch_context("spring"):
        Ride.objects.update(name="spring again")
    with nothing_stored():
        answer = editor.post(conflict, form)
    assert answer.status_code == 422
    assert "changed while you decided" in answer.text


HEADERS: list[dict[str, str]] = [
    {"HX-Request": "true", "HX-Current-URL": "https://example.org/", "Origin": "https://example.org"},
    {"HX-Request": "true", "HX-Target": "body", "HX-Request-Type": "partial"},
    {"HX-Request": "true", "HX-Trigger": "<img src=x onerror=window.pwned=1>"},
    {"HX-Request": "true", "HX-Prompt": "<script>", "HX-Boosted": "true"},
    {"HX-Current-URL": "javascript:window.pwned=1", "HX-Request": "false"},
]  # fmt: skip


@entry(107)
@pytest.mark.parametrize("headers", HEADERS)
def test_headers_of_htmx_give_no_right(
    editor: Client, kestrel: Ride, headers: dict[str, str]
) -> None:
    form = open_form(editor, EDIT) | {"body": "It dives."}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    with nothing_stored():
        for address in (EDIT, f"{EDIT}?part=preview", "/rides/kestrel/delete/", "/branches/"):
            answer = strict.post(address, form, headers=headers)
            allowed(107, answer)
            assert answer.status_code == 403
    for address in ("/rides/", "/rides/?part=results", "/search/?q=x", EDIT, "/no-such-page/"):
        answer = editor.get(address, headers=headers)
        assert "example.org" not in answer.text
        assert "<img src=x" not in answer.text
        assert "example.org" not in str(answer.headers)
    assert editor.get("/rides/", headers=headers).text == editor.get("/rides/").text
