"""The rule of what a chain shows, in each of its forms, beside one that reads rows in Python."""

from typing import Any

import pytest
from django.db import connection

from eventstore import reading
from eventstore.types import Position
from tests.library.models import Book
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.versions import rows_in, visible_versions
from versioning.viewpoints.visibility import (
    Link,
    SqlArrays,
    SqlBranch,
    SqlChain,
    SqlNumbers,
    holding_on,
    lying_behind,
    nearest,
)

pytestmark = pytest.mark.django_db

Key = tuple[Any, int, int]
"""An entity, a branch, and where a version begins."""


@pytest.fixture
def chains() -> list[tuple[Link, ...]]:
    """Every branch's chain at every position of a log with edits, deletions and a nested branch."""
    books = [Book.objects.create(slug=f"b-{n}", title="1") for n in range(4)]
    fork("spring")
    books[0].title = "main after spring"
    books[0].save()
    with branch_context("spring"):
        Book.objects.filter(slug__in=["b-0", "b-1"]).update(title="spring")
        Book.objects.get(slug="b-2").delete()
    fork("early", parent="spring")
    with branch_context("spring"):
        Book.objects.filter(slug="b-1").update(title="spring after early")
    with branch_context("early"):
        Book.objects.filter(slug="b-0").update(title="early")
        Book.objects.create(slug="b-9", title="early")
    books[3].delete()
    end = reading.last_position()
    positions = [Position(at) for at in range(end - 12, end + 1)]
    heads = [resolve(name).chain for name in ("main", "spring", "early")]
    return [
        *heads,
        *(tuple((b, min(p, at)) for b, p in chain) for chain in heads for at in positions),
    ]


def shown(chain: tuple[Link, ...]) -> set[Key]:
    """What a chain shows, the slow way."""
    versions: set[Key] = set()
    for entity_id in {row.entity_id for row in rows_in(kind_of(Book))}:
        for branch, position in chain:
            found = [
                row
                for row in rows_in(kind_of(Book)).filter(entity_id=entity_id, branch_number=branch)
                if row.valid_from <= position < row.valid_to
            ]
            if found:
                versions.add((entity_id, branch, found[0].valid_from))
                break
    return versions


def selected(condition: str) -> set[Key]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.entity_id, v.branch_number, v.valid_from"
            f" FROM {kind_of(Book).versions} AS v WHERE {condition}"
        )
        return set(cursor.fetchall())


def forms(chain: tuple[Link, ...]) -> list[SqlChain]:
    branches, positions = zip(*chain, strict=True)
    arrays = SqlArrays(
        f"ARRAY[{', '.join(map(str, branches))}]", f"ARRAY[{', '.join(map(str, positions))}]"
    )
    one = [SqlBranch(str(branches[0]), str(positions[0]))] if len(chain) == 1 else []
    return [arrays, SqlNumbers(chain), *one]


def test_every_form_shows_the_same(chains: list[tuple[Link, ...]]) -> None:
    kind = kind_of(Book)
    assert {len(chain) for chain in chains} == {1, 2, 3}
    for chain in chains:
        expected = shown(chain)
        for form in forms(chain):
            assert selected(form.is_shown("v", kind.versions)) == expected, form
        rows = nearest(rows_in(kind).filter(holding_on(chain)), chain).values()
        assert {(row.entity_id, row.branch_number, row.valid_from) for row in rows} == expected
        entity_ids = {entity_id for entity_id, _, _ in expected}
        found = visible_versions(kind, entity_ids, chain).values()
        assert {(v.entity_id, v.branch, v.position) for v in found} == expected


def test_what_lies_behind_a_chain_is_the_same_in_both_forms(
    chains: list[tuple[Link, ...]],
) -> None:
    for chain in chains:
        rows = rows_in(kind_of(Book)).filter(lying_behind(chain))
        behind = {(row.entity_id, row.branch_number, row.valid_from) for row in rows}
        assert selected(SqlNumbers(chain).lies_behind("v")) == behind
        ended = selected(SqlNumbers(chain).has_ended("v"))
        held = selected(SqlNumbers(chain).holds("v"))
        assert behind == held | ended
        assert not held & ended
