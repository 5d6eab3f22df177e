"""Querysets of versioned models: they read any viewpoint, and write events.

A queryset belongs to the viewpoint in which it was made. Evaluated after that
was left it would silently read main's head, so it refuses.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models.query import RawQuerySet
from django.db.models.sql import Query
from django.db.models.utils import resolve_callables

from eventstore import log
from eventstore.errors import Refusal
from versioning.entities.expressions import expressions_of, is_expression
from versioning.entities.kinds import NOT_IN_DOCUMENTS, kind_of
from versioning.saving.batches import BatchOperation
from versioning.saving.by_key import entity_by_key
from versioning.saving.computation import compute_for_edit, compute_for_new
from versioning.saving.deleting import delete
from versioning.saving.edits import already_exists
from versioning.viewpoints import entering
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.threads import require_here

M = TypeVar("M", bound=models.Model, covariant=True)


class LeftViewpoint(Refusal, RuntimeError):
    """A query made inside a viewpoint was evaluated outside of it."""

    code = "left-viewpoint"
    status = 500
    hint = "Evaluate it inside its viewpoint (list(...))."


class AnotherDatabase(Refusal, ValueError):
    """Versioned models live in the default database, where their log is."""

    code = "another-database"
    status = 500
    hint = "Leave `using` out."


class NoUpsert(Refusal, NotImplementedError):
    """`bulk_create` was to ignore or to update what exists."""

    code = "no-upsert"
    status = 500
    sentence = "A log has no upsert."
    hint = "Look for the entities that exist, then create or save."


class NoRowLocks(Refusal, NotImplementedError):
    """`select_for_update` was to lock rows, which no save asks."""

    code = "no-row-locks"
    status = 500
    sentence = (
        "Rows of versioned models are never locked: an append takes the log's lock first, and a "
        "stale save is merged or refused."
    )
    hint = "Just save."


class IdentityIsFixed(Refusal, FieldError):
    """`update` was to change which entity something is."""

    code = "identity-is-fixed"
    status = 500
    hint = "Create another one, and delete this."


def refuse_another_database(using: str | None) -> None:
    """Refuse a database that has no log. Raises AnotherDatabase."""
    if using not in (None, DEFAULT_DB_ALIAS):
        raise AnotherDatabase(
            f"Versioned models live in the database {DEFAULT_DB_ALIAS!r} alone, where "
            f"their log is; {using!r} has none."
        )


class VersionedQuery(Query):
    """A query that knows where it was made, wherever it ends up: in a subquery, in `explain`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_at = entering.current()

    @classmethod
    def of(cls, statement: Query) -> Self:
        """The query of the rows that a DELETE or an UPDATE is about."""
        query: Any = statement.chain(klass=cls)
        query.made_at = getattr(statement, "made_at", entering.current())
        return query  # type: ignore[no-any-return]  # chain() gives the class that it is told

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        require_made_here(self.made_at)
        require_here()
        return super().get_compiler(*args, **kwargs)


if TYPE_CHECKING:
    _RawQuerySet = RawQuerySet[Any]
else:  # generic in Django's stubs alone
    _RawQuerySet = RawQuerySet


class VersionedRawQuerySet(_RawQuerySet):
    """Rows of one's own SQL, read where it was written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made_at = entering.current()

    def iterator(self) -> Iterator[Any]:
        refuse_another_database(self._db)  # type: ignore[attr-defined]  # the stubs leave it out
        require_made_here(self._made_at)
        require_here()
        return super().iterator()


class VersionedQuerySet(models.QuerySet[M]):
    """A queryset whose writes are one changeset each."""

    def __init__(
        self, model: type[M] | None = None, query: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        made = VersionedQuery(model) if query is None and model is not None else query
        super().__init__(model, made, *args, **kwargs)
        self._made_at = entering.current()
        # What was narrowed since is a clone, which is made with a query.
        self._everything = self.query if query is None else None

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # the stubs leave it out
        clone._made_at = self._made_at
        return clone

    def _check_viewpoint(self) -> None:
        instance = self._hints.get("instance")  # type: ignore[attr-defined]  # the stubs leave it out
        refuse_another_database(self._db)  # type: ignore[attr-defined]  # as above
        require_made_here(getattr(instance, "_read_at", None) or self._made_at)

    def get(self, *args: Any, **kwargs: Any) -> M:
        """As Django's; an entity of which nothing but the key is asked is read in less time."""
        match args, kwargs:
            case (), {"pk": UUID() as key} if len(kwargs) == 1 and self._asks_plainly():
                self._check_viewpoint()
                if (found := entity_by_key(self.model, key)) is not None:
                    return found
        return super().get(*args, **kwargs)

    def _asks_plainly(self) -> bool:
        """Nothing was asked of it yet, and nobody counts, logs or wraps what Django asks."""
        is_watched = connection.queries_logged or connection.execute_wrappers
        is_narrowed = self._db or self._hints  # type: ignore[attr-defined]  # as above
        return self.query is self._everything and not is_narrowed and not is_watched

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check_viewpoint()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        self._check_viewpoint()
        return self._streamed(super().iterator(*args, **kwargs))

    def _streamed(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The rows, each fetched where the stream was begun."""
        while True:
            self._check_viewpoint()
            try:
                row = next(rows)
            except StopIteration:
                return
            yield row

    async def aiterator(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        self._check_viewpoint()
        async for row in super().aiterator(*args, **kwargs):
            yield row
            self._check_viewpoint()

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._check_viewpoint()
        return super().explain(*args, **kwargs)

    def raw(
        self,
        raw_query: Any,
        params: Any = (),
        translations: Any = None,
        using: str | None = None,
    ) -> Any:
        """As Django's; evaluated where it was made."""
        refuse_another_database(using or self._db)  # type: ignore[attr-defined]  # as above
        rows = VersionedRawQuerySet(
            raw_query, model=self.model, params=params, translations=translations
        )
        rows._prefetch_related_lookups = self._prefetch_related_lookups[:]  # type: ignore[attr-defined]  # noqa: SLF001
        return rows

    def using(self, alias: str | None) -> Self:
        refuse_another_database(alias)
        return super().using(alias)

    @property
    def totally_ordered(self) -> bool:
        """As Django's, who would put a list of references in another order (in a fixture, say)."""
        return bool(self.query.extra_order_by) or super().totally_ordered

    def count(self) -> int:
        self._check_viewpoint()
        return super().count()

    def exists(self) -> bool:
        self._check_viewpoint()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check_viewpoint()
        return super().aggregate(*args, **kwargs)

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Any]:
        """Create many entities as one changeset."""
        if ignore_conflicts or update_conflicts:
            raise NoUpsert
        refuse_another_database(self._db)  # type: ignore[attr-defined]  # as above
        created = list(objs)
        for obj in created:
            if not obj.is_new():
                raise already_exists(kind_of(type(obj)), obj.pk)
        with _computed(created), BatchOperation() as batch:
            batch.process_changes(created)
        return created

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        """Save these fields of many entities as one changeset; unchanged ones are left.

        Raises ValueError for what Django refuses, and for an instance that was never saved.
        """
        refuse_another_database(self._db)  # type: ignore[attr-defined]  # as above
        objs, fields = list(objs), list(fields)
        self._require_updatable(objs, fields)
        # Of an entity that comes twice the first counts, as with Django.
        first = {obj.pk: obj for obj in reversed(objs)}
        changed = list(reversed(first.values()))
        with _computed(changed), BatchOperation() as batch:
            batch.process_changes(changed, fields=fields)
        return batch.changed

    def _require_updatable(self, objs: Sequence[Any], names: Sequence[str]) -> None:
        if not names:
            raise ValueError("Field names must be given to bulk_update().")
        for name in names:
            field: Any = self.model._meta.get_field(name)
            if not field.concrete or field.many_to_many or field.name in NOT_IN_DOCUMENTS:
                raise ValueError(f"bulk_update() cannot be used with the field {name!r}.")
        for each in objs:
            if not isinstance(each, self.model):
                raise ValueError(f"bulk_update() got {each!r}, which is no {self.model.__name__}.")
            if each._state.adding:
                raise ValueError(f"bulk_update() got {each!r}, which was never saved.")

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> tuple[Any, bool]:
        """Save the match with `defaults`, or create it. Locks nothing: a stale save is merged."""
        values = dict(defaults or {})
        created = values if create_defaults is None else dict(create_defaults)
        obj, is_new = self.get_or_create(defaults=created, **kwargs)
        if not is_new:
            for name, value in resolve_callables(values):
                setattr(obj, name, value)
            obj.save()
        return obj, is_new

    def update(self, **kwargs: Any) -> int:
        """Set fields of every match, by value or expression, as one changeset.

        The matches are read under the log's lock: whoever counts up counts from the last.
        Raises FieldError where a field is none of the entity's content.
        """
        self._not_support_combined_queries("update")  # type: ignore[attr-defined]
        if self.query.is_sliced:
            raise TypeError("Cannot update a query once a slice has been taken.")
        self._refuse_identity(kwargs)
        expressions = {name: value for name, value in kwargs.items() if is_expression(value)}
        # What a caller left out is set as well: an edit begins from what stands in its place.
        matches = self._entities().annotate(
            **{f"_new_{name}": value for name, value in expressions.items()}
        )
        with transaction.atomic():
            log.lock()
            # A join may repeat what it matches.
            objs: list[Any] = list({obj.pk: obj for obj in matches}.values())
            for obj in objs:
                for name, value in kwargs.items():
                    new = getattr(obj, f"_new_{name}") if name in expressions else value
                    setattr(obj, self._attribute(name, new), new)
            self.bulk_update(objs, kwargs)
        return len(objs)

    def _entities(self) -> Self:
        """The matches as whole instances, whatever was asked to be shown of them."""
        if self._fields is None:  # type: ignore[attr-defined]  # as above
            return self.defer(None)
        everything: Any = self.model._base_manager.all()
        matches: Self = everything.filter(pk__in=self.order_by().values("pk"))
        return matches

    def _attribute(self, name: str, value: Any) -> str:
        """Where a value goes: a key in a reference's place is a key, and no instance."""
        field = self.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey) and not isinstance(value, models.Model):
            return str(field.attname)
        return name

    def _refuse_identity(self, names: Iterable[str]) -> None:
        for name in names:
            f = self.model._meta.pk if name == "pk" else self.model._meta.get_field(name)
            if f is not None and f.name in NOT_IN_DOCUMENTS:
                raise IdentityIsFixed(
                    f"{name} is the identity of a {self.model._meta.verbose_name}, not its "
                    "content, and no update changes it."
                )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete every match, and what cascades, as one changeset."""
        self._not_support_combined_queries("delete")  # type: ignore[attr-defined]
        if self.query.is_sliced:
            raise TypeError("Cannot use 'limit' or 'offset' with delete().")
        if self.query.distinct_fields:
            raise TypeError("Cannot call delete() after .distinct(*fields).")
        if self._fields is not None:  # type: ignore[attr-defined]  # as above
            raise TypeError("Cannot call delete() after .values() or .values_list()")
        with transaction.atomic():
            log.lock()
            objs: Sequence[Any] = list(self._chain())  # type: ignore[attr-defined]
            return delete(objs, origin=self)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def select_for_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NoRowLocks


@contextmanager
def _computed(objs: Sequence[Any]) -> Iterator[None]:
    """Have the database compute the values that are expressions, and nobody come between."""
    computing = [(obj, found) for obj in objs if (found := expressions_of(obj, kind_of(type(obj))))]
    if not computing:
        yield
        return
    with transaction.atomic():
        log.lock()
        for obj, expressions in computing:
            (compute_for_new if obj._state.adding else compute_for_edit)(obj, expressions)
        yield


def require_made_here(made_at: Viewpoint | None) -> None:
    """Refuse to show another viewpoint than the one that is meant, if any is.

    Raises LeftViewpoint.
    """
    if made_at is not None and made_at != entering.current():
        raise LeftViewpoint(
            f"This query was made at {_name(made_at)} and evaluated at "
            f"{_name(entering.current())}, where it would show something else."
        )


def _name(at: Viewpoint) -> str:
    return f"{at.name}@p{at.position}" if at.is_past else f"the head of {at.name}"
