"""Many-to-many fields that are versioned: a list of references on the owner.

The list is a field of the owner's document, in order. Its rows stand in a
link table (at main's head) and in a version of that table, both written by
the projector, so that the ORM joins through them at any viewpoint.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.db.models.signals import m2m_changed
from django.utils.functional import cached_property

# Generic in Django's stubs alone: a project need not have them.
if TYPE_CHECKING:
    _ManyToManyField = models.ManyToManyField[Any, Any]
    _ManyToManyDescriptor = ManyToManyDescriptor[Any, Any]
else:
    _ManyToManyField, _ManyToManyDescriptor = models.ManyToManyField, ManyToManyDescriptor


class References(_ManyToManyField):
    """An ordered list of other versioned entities, without doubles.

    Read it like any many-to-many field; `set`, `add`, `remove` and `clear`
    become an edit of the owner.
    """

    def __init__(self, to: Any, related_name: str | None = None, **kwargs: Any) -> None:
        # A list goes one way, to the own kind as well; its other side is had by a name alone.
        if related_name is not None:
            kwargs.setdefault("symmetrical", False)
        super().__init__(to, related_name, **kwargs)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        if not cls._meta.abstract and not self.remote_field.through:
            self.remote_field.through = link_model(self, cls, name)
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        setattr(cls, name, ReferencesDescriptor(self.remote_field))

    def contribute_to_related_class(self, cls: type[models.Model], related: Any) -> None:
        super().contribute_to_related_class(cls, related)
        if not self.remote_field.hidden and not related.related_model._meta.swapped:
            accessor = related.accessor_name
            setattr(cls, accessor, ReverseReferencesDescriptor(self.remote_field, reverse=True))


class ReferencesDescriptor(_ManyToManyDescriptor):
    """Gives instances a manager whose changes are edits of the owner."""

    @cached_property
    def related_manager_cls(self) -> Any:
        base: Any = super().related_manager_cls
        name = self.field.name
        through: Any = self.rel.through
        ordering = [f"{through._meta.db_table}.ordinal"]

        class ReferencesManager(base):  # type: ignore[misc]
            """The references of one owner, in their order."""

            def _apply_rel_filters(self, queryset: Any) -> Any:
                return super()._apply_rel_filters(queryset).extra(order_by=ordering)

            def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
                found, *rest = super().get_prefetch_querysets(instances, querysets)
                return found.extra(order_by=ordering), *rest

            def set(self, objs: Iterable[Any], **_: Any) -> None:
                told = list(objs)
                require_instances_of(self.model, told)
                self.set_base(told)

            def set_base(self, objs: Iterable[Any], *, raw: bool = False, **_: Any) -> None:
                """What fixtures call: raw says so to receivers of signals."""
                self.instance.set_references(name, objs, raw=raw)
                self._remove_prefetched_objects()

            def add(self, *objs: Any, **_: Any) -> None:
                self.set([*self.all(), *objs])

            def remove(self, *objs: Any) -> None:
                gone = {getattr(obj, "pk", obj) for obj in objs}
                self.set([kept for kept in self.all() if kept.pk not in gone])

            def clear(self) -> None:
                self.instance.set_references(name, [], is_cleared=True)
                self._remove_prefetched_objects()

        return ReferencesManager


def require_instances_of(model: type[models.Model], objs: Iterable[Any]) -> None:
    """Raises TypeError for an instance of another model, as Django does; keys are let pass."""
    name = model._meta.object_name
    for each in objs:
        if isinstance(each, models.Model) and not isinstance(each, model):
            raise TypeError(f"{name!r} instance expected, got {each!r}")


class ReverseReferencesDescriptor(_ManyToManyDescriptor):
    """Gives what is referred to a manager whose changes are edits of the owners."""

    @cached_property
    def related_manager_cls(self) -> Any:
        base: Any = super().related_manager_cls
        name = self.field.name

        class OwnersManager(base):  # type: ignore[misc]
            """The owners of references to one entity. What is done at once is one changeset."""

            def set(self, objs: Iterable[Any], **_: Any) -> None:
                wanted = owners_by_key(self.model, objs)
                there = {owner.pk: owner for owner in self.all()}
                with self.instance.one_changeset():
                    self.remove(*(owner for pk, owner in there.items() if pk not in wanted))
                    self.add(*(owner for pk, owner in wanted.items() if pk not in there))

            def add(self, *objs: Any, **_: Any) -> None:
                self.instance.check_belongs_here()
                owners = owners_by_key(self.model, objs)
                with self.instance.one_changeset(), self.signals_of("add", owners):
                    for owner in owners.values():
                        getattr(owner, name).add(self.instance)
                self._remove_prefetched_objects()

            def remove(self, *objs: Any) -> None:
                self.instance.check_belongs_here()
                owners = owners_by_key(self.model, objs)
                with self.instance.one_changeset(), self.signals_of("remove", owners):
                    for owner in owners.values():
                        getattr(owner, name).remove(self.instance)
                self._remove_prefetched_objects()

            def clear(self) -> None:
                with self.instance.one_changeset(), self.signals_of("clear", None):
                    self.remove(*self.all())

            def signals_of(
                self, action: str, owners: Collection[Any] | None
            ) -> AbstractContextManager[None]:
                """Django's signals of the other side, in place of those of each owner."""
                if not m2m_changed.has_listeners(self.through) or _is_told.get():
                    return nullcontext()
                changed: set[Any] | None = None
                if owners is not None:
                    there = {owner.pk for owner in self.all()}
                    changed = set(owners) & there if action == "remove" else set(owners) - there
                actions = [(action, changed)] if changed or changed is None else []
                return _told(
                    self.through, actions, instance=self.instance, reverse=True, model=self.model
                )

        return OwnersManager


def owners_by_key(model: type[models.Model], objs: Iterable[Any]) -> dict[Any, Any]:
    """Owners that are told as instances or as keys. Raises TypeError for others.

    Raises DoesNotExist for a key that is nobody's.
    """
    told = list(objs)
    require_instances_of(model, told)
    keys = [each for each in told if not isinstance(each, models.Model)]
    found: dict[Any, Any] = model._base_manager.in_bulk(keys) if keys else {}
    if missing := {str(key) for key in keys} - {str(pk) for pk in found}:
        owner: Any = model
        name = model._meta.verbose_name
        raise owner.DoesNotExist(f"There is no {name} {', '.join(sorted(missing))}.")
    return found | {each.pk: each for each in told if isinstance(each, models.Model)}


@contextmanager
def link_signals(
    owner: models.Model,
    name: str,
    before: Sequence[str],
    after: Sequence[str] | None,
    *,
    raw: bool = False,
) -> Iterator[None]:
    """Django's `m2m_changed` around a change of an owner's references; after None: all cleared.

    For those that come and those that go; another order of the same is no change of links.
    """
    field: Any = owner._meta.get_field(name)
    link = field.remote_field.through
    if not m2m_changed.has_listeners(link) or _is_told.get():
        yield
        return
    if after is None:
        actions: list[tuple[str, set[UUID] | None]] = [("clear", None)]
    else:
        gone, new = (set(map(UUID, ids)) for ids in (before, after))
        gone, new = gone - new, new - gone
        actions = [(action, ids) for action, ids in (("remove", gone), ("add", new)) if ids]
    model = field.related_model
    with _told(link, actions, instance=owner, reverse=False, model=model, raw=raw):
        yield


_is_told: ContextVar[bool] = ContextVar("references_are_told", default=False)
"""Whether signals are sent for what is done inside, and each list that changes needs none."""


@contextmanager
def _told(
    link: Any, actions: Sequence[tuple[str, set[Any] | None]], *, raw: bool = False, **told: Any
) -> Iterator[None]:
    with transaction.atomic():
        for moment in ("pre", "post"):
            for action, ids in actions:
                m2m_changed.send(
                    sender=link,
                    action=f"{moment}_{action}",
                    pk_set=ids,
                    using=DEFAULT_DB_ALIAS,
                    raw=raw,
                    **told,
                )
            if moment == "pre":
                token = _is_told.set(True)
                try:
                    yield
                finally:
                    _is_told.reset(token)


def link_model(field: References, owner: type[models.Model], name: str) -> type[models.Model]:
    """The link table of one field: owner, target, place in the list."""
    link_name = f"{owner._meta.object_name}_{name}"
    target: Any = field.remote_field.model
    meta = type(
        "Meta",
        (),
        {
            "app_label": owner._meta.app_label,
            "apps": owner._meta.apps,
            "auto_created": owner,
            "db_table": f"{owner._meta.db_table}_{name}",
            "unique_together": ("owner", "target"),
        },
    )
    return type(
        link_name,
        (models.Model,),
        {
            "Meta": meta,
            "__module__": owner.__module__,
            "owner": models.ForeignKey(
                owner, related_name=f"{link_name}_owner+", on_delete=models.DO_NOTHING
            ),
            "target": models.ForeignKey(
                owner if target == "self" else target,
                related_name=f"{link_name}_target+",
                on_delete=models.PROTECT,
            ),
            "ordinal": models.IntegerField(),
        },
    )
