"""Generic relations of versioned models: read and edited where their instance was read.

Of them Django tells a queryset no instance, as it does of every other relation, so that what an
instance of the past leads to would be looked for at main's head.
"""

from functools import cached_property
from typing import Any

from django.contrib.contenttypes.fields import (
    GenericForeignKey,
    GenericForeignKeyDescriptor,
    GenericRelation,
    ReverseGenericManyToOneDescriptor,
)
from django.db import models

from versioning.entities.kinds import is_versioned
from versioning.saving import context
from versioning.saving.queryset import require_made_here


def relate_here(model: type[models.Model]) -> None:
    """Have the generic relations of a versioned model refuse other viewpoints."""
    fields: list[Any] = list(model._meta.private_fields)
    for field in fields:
        if isinstance(field, GenericForeignKey):
            setattr(model, field.name, _TargetDescriptor(field))
        elif isinstance(field, GenericRelation):
            relation: Any = field.remote_field
            setattr(model, field.name, _RelatedDescriptor(relation))


class _TargetDescriptor(GenericForeignKeyDescriptor):
    """What a generic foreign key leads to, read where its instance was read."""

    def fetch_one(self, instance: Any) -> None:
        """Raises LeftViewpoint."""
        require_made_here(instance.read_at)
        super().fetch_one(instance)

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """Raises LeftViewpoint."""
        for instance in instances:
            require_made_here(instance.read_at)
        return super().get_prefetch_querysets(instances, querysets)


class _RelatedDescriptor(ReverseGenericManyToOneDescriptor):
    """Gives instances a manager that reads and writes where they were read."""

    @cached_property
    def related_manager_cls(self) -> Any:
        base: Any = super().related_manager_cls
        if not is_versioned(self.rel.model):
            return base  # rows that have no branch and no past

        class RelatedManager(base):  # type: ignore[misc]
            """What refers to one entity by a generic foreign key."""

            def get_queryset(self) -> Any:
                queryset = super().get_queryset()
                queryset._add_hints(instance=self.instance)  # noqa: SLF001
                return queryset

            def add(self, *objs: Any, bulk: bool = True) -> None:
                self.instance.check_belongs_to(context.writing_to())
                super().add(*objs, bulk=bulk)

            def create(self, **values: Any) -> Any:
                self.instance.check_belongs_to(context.writing_to())
                return super().create(**values)

        return RelatedManager
