"""The backend: Django's own, but that it knows a versioned model's table may be a view.

GROUP BY a table's primary key lets its other columns be selected; a view has
none, so queries of versioned models group by every column that they select.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures
from django.db.models import Model

from versioning.entities.kinds import is_versioned


class DatabaseFeatures(PostgresFeatures):
    def allows_group_by_selected_pks_on_model(self, model: type[Model]) -> bool:
        allows: bool = super().allows_group_by_selected_pks_on_model(model)
        return allows and not is_versioned(model)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class: Any = DatabaseFeatures
