"""Who names an entity in its lists of items: asked by an index, at every viewpoint."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventstore import reading
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.results import referring
from versioning.entities.kinds import kind_of
from versioning.fields.items import ItemsField
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.versions import rows_in
from wiki.kinds.registry import KINDS
from wiki.models import Company, Park
from wiki.pages.items import CompanyInCharge

pytestmark = pytest.mark.django_db

NAMING = [
    (plural, f.name, named)
    for plural, model in KINDS.items()
    for f in kind_of(model).fields.values()
    if isinstance(f.model_field, ItemsField)
    for named in f.model_field.target_models
]


def plan_of(rows: Any) -> str:
    """How the rows are found, where every other way is dear."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan: str = rows.order_by().explain()
    return plan


@pytest.mark.parametrize(("plural", "name", "named"), NAMING)
def test_those_who_name_an_entity_are_found_by_an_index(
    plural: str, name: str, named: type[Any]
) -> None:
    model, field = KINDS[plural], kind_of(KINDS[plural]).fields[name].model_field
    assert isinstance(field, ItemsField)
    condition = field.naming(named, [str(uuid4()), str(uuid4())])
    index = f"{model._meta.db_table}_{name}"
    assert f"Bitmap Index Scan on {index} " in plan_of(model._default_manager.filter(condition))
    versions = rows_in(kind_of(model)).filter(condition)
    assert f"Bitmap Index Scan on {index}_v " in plan_of(versions)


def test_the_index_is_used_at_every_viewpoint(acme: Company) -> None:
    owners = [Company(slug=f"c-{n}", name=f"C {n}", pk=uuid4()) for n in range(400)]
    with BatchOperation("Companies and parks") as batch:
        batch.process_changes(owners)
        batch.process_changes(
            Park(slug=o.slug, name=o.name, owners=[{"id": "a", "company": o.pk}]) for o in owners
        )
    fork("spring")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wiki_park, wiki_parkversion")
    condition = kind_of(Park).fields["owners"].naming("wiki.company", [acme.pk])
    assert "Bitmap Index Scan on wiki_park_owners " in Park.objects.filter(condition).explain()
    for branch, at in (("main", reading.last_position()), ("spring", None)):
        with viewpoint(branch, at=at):
            plan = Park.objects.filter(condition).explain()
            assert "Bitmap Index Scan on wiki_park_owners_v " in plan


def test_an_index_holds_the_rows_that_have_items_alone(acme: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'wiki_park_owners_v'")
        (definition,) = cursor.fetchone() or ("",)
    assert "USING gin (owners jsonb_path_ops) WHERE" in definition


COMPANIES = st.integers(0, 3)
OWNERS = st.dictionaries(st.integers(0, 3), st.lists(COMPANIES, max_size=3), max_size=4)


class Namers(TestCase):
    @settings(max_examples=25)
    @given(OWNERS, OWNERS, OWNERS, st.lists(COMPANIES, min_size=1, max_size=2))
    def test_those_are_found_who_name_it(
        self,
        first: dict[int, list[int]],
        then: dict[int, list[int]],
        there: dict[int, list[int]],
        asked: list[int],
    ) -> None:
        """At main's head, before the last edits, and on a branch."""
        companies = [Company.objects.create(slug=f"c-{n}", name=f"C {n}") for n in range(4)]
        wanted = [companies[n].pk for n in asked]

        def own(owners: dict[int, list[int]]) -> None:
            for n, owned in owners.items():
                park = Park.objects.filter(slug=f"p-{n}").first() or Park(slug=f"p-{n}")
                park.name = f"P {n}"
                park.owners = [CompanyInCharge(company=str(companies[c].pk)) for c in owned]
                park.save()

        def expected(owners: dict[int, list[int]]) -> list[str]:
            return sorted(f"p-{n}" for n, owned in owners.items() if {*owned} & {*asked})

        def found() -> list[str]:
            condition = kind_of(Park).fields["owners"].naming("wiki.company", wanted)
            rows = Park.objects.filter(condition)
            return sorted(rows.values_list("slug", flat=True))

        def found_by_merges(branch: str) -> list[str]:
            entities = [("wiki.company", entity_id) for entity_id in wanted]
            ids: list[UUID] = [e[1] for e, _, _ in referring(resolve(branch).chain, entities)]
            with viewpoint(branch):
                return sorted(Park.objects.filter(pk__in=ids).values_list("slug", flat=True))

        own(first)
        past = reading.last_position()
        own(then)
        fork("spring")
        with branch_context("spring"):
            own(there)
        assert found() == expected(first | then) == found_by_merges("main")
        with viewpoint(at=past):
            assert found() == expected(first)
        with viewpoint("spring"):
            assert found() == expected(first | then | there)
        assert found_by_merges("spring") == expected(first | then | there)


def test_what_an_item_names_stays(moderator: Client, acme: Company) -> None:
    """Whatever else the list holds, and at whichever place."""
    park = Park(slug="p", name="P")
    other = Company.objects.create(slug="bolt", name="Bolt")
    park.owners = [CompanyInCharge(company=str(c.pk)) for c in (other, acme)]
    park.save()
    answer = moderator.post("/companies/acme/delete/", {"summary": "Gone"})
    assert answer.status_code == 409
    assert "/parks/p/" in answer.content.decode()
    assert "/parks/p/" in moderator.get("/companies/acme/links/").content.decode()
