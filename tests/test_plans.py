"""Each `.sql` file of the engine, as it is executed on a wiki of some size: by its index.

A file without a case here fails, and so does a case whose file is executed by nothing.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone
from eventsourcing.persistence import StoredEvent
from pytest_django import DjangoDbBlocker

from eventstore import reading, standing, streams
from eventstore.applications import ApplicationRecorder
from eventstore.heads import head_at, verify_heads
from eventstore.integrity import verify_log
from eventstore.models import Changeset
from eventstore.pipeline import pipeline
from eventstore.signatures import verify_signatures
from eventstore.sqlfiles import DEFINITIONS, statement
from eventstore.standing import HIGHEST
from eventstore.types import Version
from projections.audit.auditing import audit
from projections.audit.guards import verify_guards
from projections.audit.tables import verify_tables
from projections.cache.topics import moved_between
from projections.erasing import told
from projections.following.followed import catch_up
from projections.following.totals import totals_of_main
from projections.migrating.by_hand import require_tables, shapes_of
from projections.search.entries import SearchEntries
from projections.search.finding import Narrowing, find, find_similar, suggest
from projections.search.terms import Term
from projections.suppressed import verify_suppressed
from tests.plans import count_rows, explained, fixed_part, indexes_in, scanned_in
from versioning import BatchOperation, acting_as, branch_context
from versioning.branches.bases import Node, ancestry
from versioning.branches.constraints import clashes, rules_of
from versioning.branches.fork import fork, next_number
from versioning.changesets import changesets_of, newest_of
from versioning.entities.kinds import kind_of
from versioning.schema.events import SCHEMA_STREAM
from versioning.schema.reading import read_lines
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.readers import reading_as
from wiki.models import Block, Company, Park, Protection, Ride
from wiki.requests import networks
from wiki.rights.blocks import block_of
from wiki.rights.network_notes import noting_network
from wiki.rights.protections import Act, require_unprotected

ROOMS = ("eventstore", "versioning", "projections", "wiki/accounts", "wiki/rights")

FUNCTIONS = {f"eventstore/sql/{name}" for name in DEFINITIONS}
"""Files that make functions and guards: EXPLAIN does not see into a function."""

ASK_NOTHING = {"eventstore/sql/log", "eventstore/sql/refuse"}
"""Those of them that need no index."""

CATALOGUE = "pg_"
"""How the names of PostgreSQL's own tables begin. They grow with the schema, not with the wiki: any
of them may be read whole, and its indexes are no business of ours."""

SOME_ROWS = 500
"""A table of fewer may be read whole: an index of it would cost more."""

FILES = sorted(
    str(path.relative_to(settings.BASE_DIR).with_suffix(""))
    for room in ROOMS
    for path in (settings.BASE_DIR / room).rglob("*.sql")
)


@pytest.fixture(scope="module", autouse=True)
def grown(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Thousands of pages, hundreds of branches, one of them nested and edited; then all undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        with BatchOperation("Parks") as batch:
            batch.process_changes(
                Park(slug=f"p-{n}", name=f"Park {n} of {n % 7}") for n in range(2_000)
            )
        park = Park.objects.get(slug="p-7")
        with BatchOperation("Rides") as batch:
            batch.process_changes(
                Ride(slug=f"r-{n}", name=f"Ride {n}", park=park) for n in range(1_000)
            )
        owner = Company.objects.create(slug="owner", name="Owner")
        with BatchOperation("Companies") as batch:
            batch.process_changes(
                Company(slug=f"c-{n}", name=f"Company {n}", parent=owner) for n in range(600)
            )
        with BatchOperation("Blocks") as batch:
            batch.process_changes(Block(account_id=n, reason="No.") for n in range(1_000))
        with BatchOperation("Protections") as batch:
            batch.process_changes(
                Protection(subject_id=uuid4(), name=f"P {n}", reason="No.") for n in range(1_000)
            )
        for n in range(300):
            fork(f"b-{n}")
        fork("spring")
        fork("early-spring", parent="spring")
        for branch in ("spring", "early-spring"):
            with branch_context(branch):
                for each in Park.objects.filter(slug__in=["p-1", "p-2", "p-3"]):
                    each.name = f"{each.name} in {branch}"
                    each.save()
        catch_up()
        count_rows()
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Case:
    """What executes a file, the indexes that its plan must use, the tables it may read whole."""

    run: Callable[[], Any]
    indexes: AbstractSet[str] = frozenset()
    scans: AbstractSet[str] = frozenset()
    without: str = ""
    """What the planner is kept from, where the tables here are too small to be in need of it."""


def edit(branch: str = "spring") -> None:
    """An edit that nothing which follows the log has seen yet."""
    with branch_context(branch):
        park = Park.objects.get(slug="p-9")
        park.name = f"{park.name}, renamed"
        park.save()


def edited_then(run: Callable[[], Any], branch: str = "spring") -> Callable[[], Any]:
    def edit_and_run() -> None:
        edit(branch)
        run()

    return edit_and_run


def synced_then(run: Callable[[], Any]) -> Callable[[], Any]:
    def sync_and_run() -> None:
        Park.version_control.sync("spring")
        run()

    return sync_and_run


def created_then(run: Callable[[], Any]) -> Callable[[], Any]:
    def create_and_run() -> None:
        Park.objects.create(slug="new", name="New")
        run()

    return create_and_run


def put_below_another() -> None:
    with branch_context("spring"):
        company = Company.objects.get(slug="c-1")
        company.parent = Company.objects.get(slug="c-2")
        company.save()


def record() -> ApplicationRecorder:
    """An application of the library that has just recorded events, of a topic that is new."""
    shop = ApplicationRecorder(application="shop")
    stream, topic = uuid4(), f"shop.{uuid4()}:Sold"
    shop.insert_events([StoredEvent(stream, version, topic, b"{}") for version in (1, 2)])
    return shop


def recorded_then(run: Callable[[], Any]) -> Callable[[], Any]:
    def record_and_run() -> None:
        record()
        run()

    return record_and_run


def open_and_close_a_pipeline() -> None:
    with pipeline():
        pass


def words(*texts: str) -> list[Term]:
    return [Term(text) for text in texts]


def chain(name: str = "early-spring") -> Any:
    return resolve(name).chain


def node(name: str) -> Node:
    return resolve(name).branch, reading.last_position()


def search(text: str = "park 1999", narrowing: Narrowing = Narrowing(), name: str = "main") -> Any:  # noqa: B008
    return find(words(text), narrowing, chain(name), limit=20)


VERSIONS = "wiki_parkversion(entity_id, branch_number, valid_from)"
OF_A_BRANCH = "wiki_parkversion(branch_number, valid_from)"
ENTRIES = "projections_searchentry(entity_id, branch, valid_from)"
CALLED, WORDS = "projections_searchentry(called)", "projections_searchentry(words)"
EVENTS = "eventstore_event(notification_id)"
STREAMS = "eventstore_event(originator_id, originator_version)"
CHANGESETS = "eventstore_changeset(id)"
BEGINNINGS, ENDS = "eventstore_changeset(first_position)", "eventstore_changeset(last_position)"
ENDS_ON_BRANCH = "eventstore_changeset(branch, last_position)"
THROUGH_PARKS = Narrowing({"country": ["DE"]}, through={"country": "park"})


def note_network() -> None:
    """As a command does that came from somewhere."""
    token = networks._network.set("192.0.2.0/24")
    with noting_network(7), acting_as(7):
        edit("main")
    networks._network.reset(token)


def as_reader(act: Callable[[], Any]) -> Callable[[], Any]:
    """An act as somebody's who reads, and is no member of anything."""

    def run() -> Any:
        with reading_as(7):
            return act()

    return run


CASES = {
    "eventstore/sql/stream": Case(lambda: reading.stream(SCHEMA_STREAM), {STREAMS}),
    "eventstore/sql/page": Case(lambda: next(reading.forward()), {EVENTS}),
    "eventstore/sql/newest_of_streams": Case(
        lambda: reading.newest([SCHEMA_STREAM, uuid4()]), {STREAMS}
    ),
    "eventstore/sql/newest_at": Case(
        lambda: streams.newest_at([(SCHEMA_STREAM, reading.last_position())]), {STREAMS}
    ),
    "eventstore/sql/nearest_snapshots": Case(
        lambda: streams.leading_to([(SCHEMA_STREAM, Version(2))]),
        {"eventstore_snapshot(stream_id, version)"},
        without="seqscan",
    ),
    "eventstore/sql/streams": Case(
        lambda: streams.leading_to([(SCHEMA_STREAM, Version(2))]), {STREAMS}
    ),
    "eventstore/sql/events_of_branch": Case(
        lambda: list(streams.of_branch(*node("spring"))), {ENDS_ON_BRANCH, EVENTS}
    ),
    "eventstore/sql/last_position": Case(reading.last_position, {CHANGESETS}),
    "eventstore/sql/erased": Case(
        lambda: list(verify_log(reading.last_position())), {STREAMS}, without="seqscan"
    ),
    "eventstore/sql/altered_event": Case(
        lambda: list(verify_log(reading.last_position())), {EVENTS},
        without="seqscan",
    ),
    "eventstore/sql/broken_chain": Case(
        lambda: list(verify_log(reading.last_position())), {CHANGESETS, EVENTS},
        without="seqscan",
    ),
    "eventstore/sql/head": Case(lambda: head_at(HIGHEST), {CHANGESETS}),
    "eventstore/sql/changed_heads": Case(
        lambda: list(verify_heads([head for head in [head_at(HIGHEST)] if head])), {CHANGESETS}
    ),
    "eventstore/sql/signed_changesets": Case(
        lambda: list(verify_signatures(reading.last_position())), {CHANGESETS, EVENTS},
        without="seqscan",
    ),
    "eventstore/sql/dated_ahead": Case(
        lambda: list(verify_log(reading.last_position())), {"eventstore_changeset(recorded_at)"}
    ),
    "eventstore/sql/stray_event": Case(
        lambda: list(verify_log(reading.last_position())), {EVENTS, ENDS},
        without="seqscan",
    ),
    "eventstore/sql/notifications": Case(
        lambda: record().select_notifications(None, 10), {ENDS_ON_BRANCH, EVENTS}
    ),
    "eventstore/sql/newest_notification": Case(
        lambda: record().max_notification_id(), {ENDS_ON_BRANCH}
    ),
    "eventstore/sql/newest_topics": Case(record, {STREAMS}),
    "eventstore/sql/changeset_at_position": Case(
        lambda: standing.at_position(reading.last_position()), {BEGINNINGS}
    ),
    "eventstore/sql/changeset_at_time": Case(
        lambda: standing.at_time(timezone.now()), {"eventstore_changeset(recorded_at)"}
    ),
    "eventstore/sql/branch_at_position": Case(
        recorded_then(lambda: next(reading.backward())), {BEGINNINGS}
    ),
    "eventstore/sql/end_of_log": Case(open_and_close_a_pipeline, {CHANGESETS}),
    "versioning/viewpoints/sql/branch": Case(
        lambda: (resolve("spring"), resolve("b-250")), {"versioning_branch(name)"}
    ),
    "versioning/viewpoints/sql/readable_branch": Case(
        as_reader(lambda: (resolve("spring"), resolve("b-250"))), {"versioning_branch(name)"}
    ),
    "versioning/viewpoints/sql/hidden_branches": Case(
        as_reader(lambda: list(Changeset.objects.order_by("-id")[:5])),
        {CHANGESETS, "versioning_branch(number)"},
    ),
    "wiki/accounts/sql/overseer": Case(
        as_reader(lambda: list(Changeset.objects.order_by("-id")[:5])),
        {"auth_user(id)"},
        without="seqscan",
    ),
    "versioning/viewpoints/sql/chain": Case(
        lambda: resolve("early-spring", reading.last_position()),
        {"versioning_branchversion(number, branch_number, valid_from)"},
        without="seqscan",
    ),
    "versioning/sql/newest_changeset": Case(
        lambda: newest_of(1, reading.last_position()), {ENDS_ON_BRANCH}
    ),
    "versioning/sql/changesets_of_positions": Case(lambda: changesets_of([1, 2_500]), {ENDS}),
    "versioning/branches/sql/steps": Case(
        lambda: ancestry(node("spring"), node("main")), {ENDS_ON_BRANCH, CHANGESETS}
    ),
    "versioning/branches/sql/next_number": Case(
        lambda: next_number("b-none", "c-none"),
        {"versioning_branch(number)", "versioning_branch(name)"},
    ),
    "versioning/branches/sql/above": Case(
        put_below_another, {"wiki_companyversion(entity_id, branch_number, valid_from)"}
    ),
    "versioning/schema/sql/schema_events": Case(read_lines, {STREAMS}),
    "projections/following/sql/add_totals": Case(
        created_then(catch_up), {"projections_total(branch, kind)"}
    ),
    "projections/following/sql/total_differences": Case(
        edited_then(synced_then(catch_up), "main"), {OF_A_BRANCH, VERSIONS}
    ),
    "projections/following/sql/chosen_entities": Case(edited_then(catch_up), {VERSIONS}),
    "projections/following/sql/totals_of_main": Case(
        totals_of_main, {CHANGESETS}
    ),
    "projections/search/sql/state": Case(
        lambda: search(name="spring"), {ENDS_ON_BRANCH}
    ),
    "projections/search/sql/find": Case(search, {WORDS, CALLED, ENTRIES}),
    "projections/search/sql/find_by_former_name": Case(search, {WORDS, CALLED, ENTRIES}),
    "projections/search/sql/former_title": Case(search, {WORDS, CALLED, ENTRIES}),
    "projections/search/sql/find_through": Case(
        lambda: search("ride 99", THROUGH_PARKS), {ENTRIES, CALLED},
    ),
    "projections/search/sql/find_similar": Case(
        lambda: find_similar(words("paark 1999"), Narrowing(), chain(), limit=5),
        {"projections_searchentry(folded gin_trgm_ops)"},
        without="seqscan",
    ),
    "projections/search/sql/suggest": Case(
        lambda: suggest(words("park 199"), chain("main"), limit=5), {CALLED}
    ),
    "projections/search/sql/fresh": Case(edited_then(search, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/newest": Case(edited_then(search, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/happened": Case(edited_then(search, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/apply": Case(edited_then(catch_up, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/islands": Case(edited_then(catch_up, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/keep": Case(edited_then(catch_up, "main"), {OF_A_BRANCH, ENTRIES}),
    "projections/search/sql/replay": Case(
        lambda: list(SearchEntries().verify(reading.last_position())),
        {VERSIONS},
        {"wiki_parkversion"},
    ),
    "projections/search/sql/differences": Case(
        lambda: list(SearchEntries().verify(reading.last_position())),
        scans={"projections_searchentry"},
    ),
    "projections/audit/sql/rows_beyond": Case(
        lambda: audit(processes=1), {ENDS}
    ),
    "projections/sql/told": Case(lambda: list(told("x"))),
    "projections/sql/newest_suppressions": Case(
        lambda: list(verify_suppressed()), scans={"eventstore_event"}
    ),
    "projections/audit/sql/snapshots": Case(lambda: audit(processes=1), {STREAMS}),
    "projections/audit/sql/triggers_of_strangers": Case(lambda: list(verify_guards())),
    "projections/audit/sql/columns": Case(lambda: list(verify_tables())),
    "projections/audit/sql/constraints": Case(lambda: list(verify_tables())),
    "projections/audit/sql/indexes": Case(lambda: list(verify_tables())),
    "projections/audit/sql/sequence": Case(lambda: list(verify_tables()), {ENDS}),
    "projections/audit/sql/grants": Case(lambda: list(verify_tables())),
    "projections/audit/sql/rules": Case(lambda: list(verify_guards())),
    "projections/audit/sql/function_definitions": Case(lambda: list(verify_guards())),
    "projections/audit/sql/trigger_definitions": Case(lambda: list(verify_guards())),
    "projections/audit/sql/view_definitions": Case(lambda: list(verify_guards())),
    "projections/migrating/sql/missing_columns": Case(lambda: require_tables([kind_of(Park)])),
    "projections/migrating/sql/shapes": Case(lambda: shapes_of([kind_of(Park)])),
    "wiki/rights/sql/block": Case(lambda: block_of(7), {"wiki_block(account_id)"}),
    "wiki/rights/sql/protections": Case(
        lambda: require_unprotected(
            AnonymousUser(), [Park.objects.get(slug="p-7").pk], Act.EDIT, branch=7
        ),
        {"wiki_protection(subject_id)"},
    ),
    "wiki/rights/sql/note_network": Case(  # by either index of the account's newest changesets
        note_network, {"wiki_changesetnetwork(changeset_id)"}
    ),
    "projections/cache/sql/events_between": Case(
        lambda: moved_between(reading.last_position() - 5, reading.last_position()), {EVENTS}
    ),
}  # fmt: skip


def test_every_file_has_a_case_and_a_heading() -> None:
    assert CASES.keys() | FUNCTIONS == set(FILES)
    for file in FILES:
        heading = [
            line
            for line in (settings.BASE_DIR / f"{file}.sql").read_text().splitlines()
            if line.startswith("--")
        ]
        assert heading[0].startswith(f"-- {Path(file).name}.sql: "), file
        if file not in ASK_NOTHING:
            assert any(line.startswith("-- Index: ") for line in heading), file
            assert "-- Plan: tests/test_plans.py" in heading, file


@pytest.mark.django_db
@pytest.mark.parametrize("file", sorted(CASES))
def test_a_statement_is_planned_by_its_index(file: str) -> None:
    case = CASES[file]
    path = settings.BASE_DIR / f"{file}.sql"
    part = fixed_part(statement(str(path.parent.with_suffix(".py")), path.stem))
    if case.without:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL enable_{case.without} = off")
    with explained() as plans:
        case.run()
    executed = [(sql, plan) for sql, plan in plans if part in sql]
    of_parks = [plan for sql, plan in executed if "wiki_parkversion" in sql]
    plan = "\n".join(of_parks or [plan for _, plan in executed])
    assert plan, "nothing executes it"
    assert case.indexes <= (used := indexes_in(plan)), used
    scanned = {t for t in scanned_in(plan, rows=SOME_ROWS) if not t.startswith(CATALOGUE)}
    assert case.scans == scanned


@pytest.mark.django_db
@pytest.mark.parametrize("branch", ["main", "early-spring"])
def test_a_clash_is_looked_for_by_the_index_of_its_rule(branch: str) -> None:
    """Its SQL is generated for each unique constraint; `manage.py sqlkind` prints it."""
    kind = kind_of(Park)
    (rule,) = rules_of(kind).unique
    documents, links = {uuid4(): {"slug": "p-1999"}}, chain(branch)
    with explained() as plans:
        (clash,) = clashes(kind, rule, documents, links)
    assert clash.other_id == Park.objects.get(slug="p-1999").pk
    ((_, plan),) = plans
    assert indexes_in(plan) == {"wiki_parkversion(slug, branch_number, valid_from)"}
    assert not scanned_in(plan, rows=SOME_ROWS)


@pytest.mark.django_db
def test_an_append_scans_no_table() -> None:
    """What EXPLAIN does not see into: what the functions of the log read, as PostgreSQL counts."""
    before = _reads()
    edit("main")
    after = _reads()
    for table in ("eventstore_event", "eventstore_changeset"):
        assert after[table].scans == before[table].scans, table
        assert after[table].lookups > before[table].lookups, table


@dataclass(frozen=True)
class Reads:
    scans: int
    lookups: int


def _reads() -> dict[str, Reads]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables")
        return {table: Reads(scans, lookups or 0) for table, scans, lookups in cursor.fetchall()}
