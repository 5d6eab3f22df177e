"""Search follows the log, and finds at every viewpoint what that viewpoint shows."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventstore import reading
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.audit.progress import verify_followed
from projections.following.followed import catch_up
from projections.models import SearchEntry, Tracking
from projections.rebuild import rebuild
from projections.search import searched, visible
from projections.search.entries import SearchEntries, renew_after_migrating
from projections.search.finding import Found, Narrowing, find, find_similar, suggest
from projections.search.searched import Searched
from projections.search.terms import Term
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import NothingToMerge, merge
from versioning.branches.preview import merge_preview
from versioning.entities.kinds import kind_of
from versioning.models import Branch
from versioning.saving.edits import record_restoration
from versioning.viewpoints.chain import resolve
from wiki.models import Article, Company, Park, Ride

pytestmark = pytest.mark.django_db

MOST = 1_000


def found(text: str, branch: str = "main", at: int | None = None, **facets: str) -> list[str]:
    """Titles of what is found, the best first; words that begin with "-" must not be there."""
    return [hit.title for hit in asked(text, branch, at, **facets).hits]


def asked(text: str, branch: str = "main", at: int | None = None, **facets: str) -> Found:
    terms = [Term(word.lstrip("-"), is_excluded=word.startswith("-")) for word in text.split()]
    narrowing = Narrowing({name: [value] for name, value in facets.items()})
    return find(terms, narrowing, chain(branch, at), limit=MOST)


def chain(branch: str = "main", at: int | None = None) -> Sequence[tuple[int, Position]]:
    return resolve(branch, None if at is None else Position(at)).chain


def article(name: str, body: str = "") -> Article:
    slug = f"a-{Article.objects.count()}-{reading.last_position()}"
    return Article.objects.create(slug=slug, name=name, body=body)


# Words


def test_accents_case_and_marks_do_not_matter() -> None:
    for name in ("Kärnan", "Busch’s Gärten", "Ελλάδα", "東京ディズニーランド", "Łódź-Express"):
        article(name)
    catch_up()
    assert found("karnan") == found("KÄRNAN") == ["Kärnan"]
    assert found("buschs") == found("busch's") == found("busch’s garten") == ["Busch’s Gärten"]
    assert found("ελλαδα") == ["Ελλάδα"]
    assert found("東京") == ["東京ディズニーランド"]
    assert found("lodz express") == found("łódź-express") == ["Łódź-Express"]


def test_names_come_before_facts_before_texts() -> None:
    article("Other", "The kestrel is a bird.")
    article("The Kestrel")
    article("Kestrel")
    article("Kestrels of the world")
    catch_up()
    assert found("kestrel") == ["Kestrel", "Kestrels of the world", "The Kestrel", "Other"]


def test_words_begin_phrases_stand_together_and_some_must_not_be_there() -> None:
    article("One", "a chain lift is slow")
    article("Two", "a lift and a chain")
    catch_up()
    assert found("chai") == ["One", "Two"]
    assert set(found("a")) == {"One", "Two"}
    assert found("ch") == []  # a word of two letters is not the beginning of all others
    assert found("chain -slow") == ["Two"]
    together = [Term("chain lift", is_phrase=True)]
    assert [hit.title for hit in find(together, Narrowing(), chain(), limit=9).hits] == ["One"]


def test_a_typo_finds_what_is_called_almost_so() -> None:
    article("Steel Vengeance")
    article("Kärnan")
    article("Something else")
    catch_up()

    def similar(text: str) -> list[str]:
        hits = find_similar([Term(text)], Narrowing(), chain(), limit=3)
        return [hit.title for hit in hits]

    assert similar("vengence") == ["Steel Vengeance"]
    assert similar("karnn") == ["Kärnan"]
    assert similar("xyzxyz") == []


def test_names_are_suggested_from_their_first_letters() -> None:
    for name in ("Kestrel", "Kestrel Two", "Old Kestrel", "Falcon"):
        article(name)
    catch_up()
    hits = suggest([Term("k")], chain(), limit=3)
    assert [hit.title for hit in hits] == ["Kestrel", "Kestrel Two", "Old Kestrel"]


def test_a_former_name_leads_to_the_page_of_today() -> None:
    # main   Kestrel ── Falcon ─────────────
    # spring        └──────── (of main) ── Eagle
    ride = article("Kestrel")
    before = reading.last_position()
    ride.name = "Falcon"
    ride.save()
    fork("spring")
    with branch_context("spring"):
        Article.objects.update(name="Eagle")
    for _ in range(2):
        (hit,) = asked("kestrel").hits
        assert (hit.title, hit.was) == ("Falcon", "Kestrel")
        (hit,) = asked("falcon", "spring").hits
        assert (hit.title, hit.was) == ("Eagle", "Falcon")
        assert found("falcon", at=before) == found("eagle") == []
        catch_up()


# Viewpoints


def test_a_branch_has_its_own_words_and_main_keeps_its_own() -> None:
    # main    A, B, C ──────────────── D
    # spring        └─ A renamed, B deleted, N new
    for name in "ABC":
        article(f"{name} common")
    fork("spring")
    with branch_context("spring"):
        Article.objects.filter(name="A common").update(name="Z common")
        Article.objects.get(name="B common").delete()
        article("N common")
    article("D common")
    for _ in range(2):
        assert found("common") == ["A common", "B common", "C common", "D common"]
        assert found("common", "spring") == ["C common", "N common", "Z common"]
        catch_up()


def test_the_past_finds_what_was_there_and_nothing_later() -> None:
    ride = article("Kestrel", "first words")
    then = reading.last_position()
    ride.body = "second words"
    ride.save()
    later = reading.last_position()
    ride.delete()
    for _ in range(2):
        assert found("first", at=then) == found("second", at=later) == ["Kestrel"]
        assert found("second", at=then) == found("first", at=later) == found("kestrel") == []
        catch_up()


def test_what_was_brought_back_is_found_again() -> None:
    ride = article("Kestrel")
    fork("spring")
    with branch_context("spring"):
        Article.objects.get().delete()
    merge(Branch.objects.get(name="spring"))
    catch_up()
    assert found("kestrel") == found("kestrel", "spring") == []
    with branch_context("main"):
        record_restoration(kind_of(Article), ride.pk)
    catch_up()
    assert found("kestrel") == ["Kestrel"]
    assert list(verify_followed()) == []


def test_a_merge_that_is_previewed_is_searched_as_it_would_be() -> None:
    article("Kestrel")
    article("Other")
    fork("spring")
    with branch_context("spring"):
        Article.objects.filter(name="Kestrel").update(name="Falcon")
        Article.objects.get(name="Other").delete()
    catch_up()
    with merge_preview(Branch.objects.get(name="spring")) as seen:
        for word, titles in (("falcon", ["Falcon"]), ("other", [])):
            hits = find([Term(word)], Narrowing(), seen.chain, limit=9).hits
            assert [hit.title for hit in hits] == titles


# Facets and numbers


@pytest.fixture
def rides() -> None:
    acme = Company.objects.create(slug="acme", name="Acme", roles=["manufacturer"])
    for n, country in enumerate(("DE", "DE", "SE")):
        park = Park.objects.create(slug=f"p-{n}", name=f"Park {n}", country=country)
        for m in range(2):
            Ride.objects.create(
                slug=f"r-{n}-{m}",
                name=f"Ride {n} {m}",
                park=park,
                manufacturer=acme if m else None,
                status="operating" if n else "closed",
                height=f"{10 * n + m} m",
                opened=f"{1990 + n}",
            )


@pytest.mark.usefixtures("rides")
@pytest.mark.parametrize("is_followed", [True, False])
def test_facets_narrow_and_are_counted(is_followed: bool) -> None:
    if is_followed:
        catch_up()
    narrowing = Narrowing({"country": ["DE"]}, through={"country": "park"})
    result = find([Term("ride")], narrowing, chain(), limit=9)
    assert result.total == 4
    assert result.counts["country"] == [("DE", 4)]
    assert dict(result.counts["status"]) == {"closed": 2, "operating": 2}
    assert [count for _, count in result.counts["park"]] == [2, 2]
    both = Narrowing({"country": ["DE", "SE"], "status": ["operating"]}, {}, {"country": "park"})
    assert find([], both, chain(), limit=9).total == 4
    assert dict(asked("", kind="wiki.park").counts["country"]) == {"DE": 2, "SE": 1}


@pytest.mark.usefixtures("rides")
def test_numbers_and_dates_lie_between_bounds() -> None:
    catch_up()

    def between(name: str, low: Decimal | date | None, high: Decimal | date | None) -> list[str]:
        narrowing = Narrowing(ranges={name: (low, high)})
        return [hit.title for hit in find([], narrowing, chain(), limit=9).hits]

    assert between("height", Decimal(11), None) == ["Ride 1 1", "Ride 2 0", "Ride 2 1"]
    assert between("height", Decimal(1), Decimal(10)) == ["Ride 0 1", "Ride 1 0"]
    assert between("opened", None, date(1990, 12, 31)) == ["Ride 0 0", "Ride 0 1"]
    assert between("opened", Decimal(3), None) == []
    assert between("nothing", Decimal(3), None) == []


# What is kept


def test_only_what_is_searched_makes_another_entry() -> None:
    ride = Ride.objects.create(slug="k", name="Kestrel")
    for coordinates in ("1, 2", "3, 4"):
        ride.coordinates = coordinates
        ride.save()
        catch_up()
    ride.name = "Falcon"
    ride.save()
    ride.coordinates = None
    ride.save()
    catch_up()
    kept = SearchEntry.objects.order_by("valid_from").values_list("title", flat=True)
    assert list(kept) == ["Kestrel", "Falcon"]
    assert list(verify_followed()) == []


def test_the_audit_names_what_was_tampered_with_and_a_rebuild_mends_it() -> None:
    for name in ("Kestrel", "Falcon", "Eagle"):
        article(name, "Some words.")
    catch_up()
    entries = SearchEntry.objects.order_by("title")
    before = list(entries.values())
    SearchEntry.objects.filter(title="Eagle").update(words="'evil':1")
    SearchEntry.objects.filter(title="Falcon").delete()
    surplus = entries.last()
    assert surplus is not None
    surplus.branch = 9
    surplus.save(force_insert=True)
    sentences = [f"{each.subject} {each.sentence}" for each in audit().findings]
    assert len(sentences) == 3
    for part in ("differs from what the log", "is missing", "follows from nothing"):
        assert sum(part in sentence for sentence in sentences) == 1
    rebuild()
    assert audit().findings == ()
    assert list(entries.values()) == before


def test_new_content_of_a_kind_makes_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    article("Kestrel", "Some words.")
    catch_up()
    monkeypatch.setitem(searched._searched, "wiki.article", Searched(names=("name",)))
    renew_after_migrating(apps.get_app_config("projections"))
    assert found("words") == []
    assert found("kestrel") == ["Kestrel"]
    assert list(verify_followed()) == []


def test_far_behind_the_answer_says_how_far_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    article("Kestrel")
    catch_up()
    known = reading.last_position()
    monkeypatch.setattr(visible, "MOST_BEHIND", 2)
    article("Kestrel II")
    article("Kestrel III")
    assert asked("kestrel").known_upto is None
    assert len(found("kestrel")) == 3
    article("Kestrel IV")
    assert asked("kestrel").known_upto == known
    assert found("kestrel") == ["Kestrel"]
    assert asked("kestrel", at=known).known_upto is None


def test_what_is_written_beside_a_branch_is_not_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    article("Kestrel")
    fork("spring")
    with branch_context("spring"):
        article("Kestrel of spring")
    catch_up()
    monkeypatch.setattr(visible, "MOST_BEHIND", 2)
    for name in ("Kestrel II", "Kestrel III", "Kestrel IV"):
        article(name)
    assert asked("kestrel", "spring").known_upto is None
    assert found("kestrel", "spring") == ["Kestrel", "Kestrel of spring"]
    assert asked("kestrel").known_upto is not None
    with branch_context("spring"):
        article("Kestrel of autumn")
    assert asked("kestrel", "spring").known_upto is not None


def test_words_that_fill_a_page_stop_nobody() -> None:
    """More different words than a tsvector holds, and letters that are many when taken apart."""
    letters = [chr(n) for n in range(0x4E00, 0x9FA5)]
    many = " ".join(a + b for a, b in zip(letters, reversed(letters), strict=True))
    article("Many", (many + " ") * 2 + "\ufdfa " * 20_000)
    article("Long", "x" * 150_000)
    article("Nothing", "!?" * 1_000)
    catch_up()
    assert found("many") == ["Many"]
    assert list(verify_followed()) == []


def test_without_the_right_to_create_an_extension_the_migration_says_what_to_do() -> None:
    migration = import_module("projections.migrations.0003_search")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP EXTENSION unaccent")
        cursor.execute("CREATE ROLE poor_migrator")
        cursor.execute("SET LOCAL ROLE poor_migrator")
    told = pytest.raises(migration.ExtensionMissing, match="CREATE EXTENSION unaccent")
    with told, connection.schema_editor() as editor:
        migration.create_extensions(None, editor)


# The law: following equals rebuilding, and both find what the viewpoint shows

WORDS = ("apple", "berry", "cherry", "Äpfel")
steps = st.lists(
    st.tuples(
        st.sampled_from(["create", "rename", "write", "place", "delete", "merge", "follow"]),
        st.sampled_from(["main", "spring", "summer"]),
        st.integers(0, 9),
        st.sampled_from(WORDS),
    ),
    max_size=10,
)


class AnyEdits(TestCase):
    @settings(max_examples=12)
    @given(steps)
    def test_following_rebuilding_and_looking_agree(
        self, wanted: list[tuple[str, str, int, str]]
    ) -> None:
        Tracking.objects.all().delete()
        SearchEntry.objects.all().delete()
        Park.objects.create(slug="first", name="apple")
        fork("spring")
        fork("summer", parent="spring")
        moments = [("main", reading.last_position())]
        for step, branch, which, word in wanted:
            self._take(step, branch, which, word)
            moments.append((branch, reading.last_position()))
        before = self._answers(moments)
        catch_up()
        assert self._answers(moments) == before
        assert list(verify_followed()) == []
        kept = list(SearchEntry.objects.order_by("entity_id", "branch", "valid_from").values())
        SearchEntry.objects.filter(title="apple").update(title="wrong")
        SearchEntries().rebuild(reading.last_position())
        again = SearchEntry.objects.order_by("entity_id", "branch", "valid_from").values()
        assert list(again) == kept
        for (branch, at), answers in zip(moments, before, strict=True):
            with viewpoint(branch, at=at):
                names = list(Park.objects.values_list("name", "body"))
            for word, titles in zip(WORDS, answers, strict=True):
                assert titles == sorted(n for n, body in names if word in (n, body))

    def _take(self, step: str, branch: str, which: int, word: str) -> None:
        if step == "follow":
            catch_up()
            return
        if step == "merge":
            self._merge(branch)
            return
        with branch_context(branch):
            if step == "create":
                Park.objects.create(slug=f"p-{reading.last_position()}", name=word)
                return
            parks = list(Park.objects.order_by("id"))
            if not parks:
                return
            park = parks[which % len(parks)]
            match step:
                case "rename":
                    park.name = word
                case "write":
                    park.body = word
                case "place":
                    park.coordinates = f"{which}, {which}"
                case "delete":
                    park.delete()
                    return
            park.save()

    def _merge(self, branch: str) -> None:
        if branch != "main":
            with suppress(NothingToMerge, UnresolvedConflicts):
                merge(Branch.objects.get(name=branch))

    def _answers(self, moments: list[tuple[str, Position]]) -> list[list[list[str]]]:
        """At each moment, for each word, what has it now; former names aside."""
        return [
            [
                sorted(hit.title for hit in asked(word, branch, at).hits if not hit.was)
                for word in WORDS
            ]
            for branch, at in moments
        ]


def test_at_every_step_the_table_is_what_the_log_led_to_by_then() -> None:
    """Whatever came after stands in the version tables already, and is not looked at."""
    with BatchOperation("Many") as batch:
        batch.process_changes(Park(slug=f"p-{n}", name=f"Park {n}") for n in range(5))
    Park.objects.filter(slug="p-1").update(name="Renamed")
    Park.objects.filter(slug="p-1").update(coordinates="1, 2")
    fork("spring")
    with branch_context("spring"):
        Park.objects.filter(slug="p-1").update(name="Of spring")
    merge(Branch.objects.get(name="spring"))
    Park.objects.get(slug="p-2").delete()
    events = list(reading.forward())
    for each in events:
        SearchEntries().apply([each])
        assert list(SearchEntries().verify(each.position)) == []
    kept = list(SearchEntry.objects.order_by("pk").values())
    SearchEntry.objects.all().delete()
    SearchEntries().apply(events)
    assert list(SearchEntry.objects.order_by("pk").values()) == kept
