"""The backend: Django's own, but for what viewpoints, migrations of kinds and the log need.

It finds head tables in a schema of their own, knows that a versioned model's table may be a
view, makes events of what Django writes past querysets, leaves a transaction without forgetting
every prepared statement, and tells what remembers a transaction of its rollback.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.features import DatabaseFeatures as PostgresFeatures
from django.db.backends.utils import debug_transaction
from django.db.models import Model
from psycopg import generators
from psycopg.pq import ExecStatus, TransactionStatus

from eventstore.busy import ErrorWrapper, lock_timeout_seconds
from eventstore.rollbacks import Rollbacks
from versioning.entities.kinds import HEAD_PATH, is_versioned
from versioning.postgresql.editor import SchemaEditor
from versioning.postgresql.operations import DatabaseOperations


class DatabaseFeatures(PostgresFeatures):
    """GROUP BY a table's primary key lets its other columns be selected; a view has none.

    So queries of versioned models group by every column that they select.
    """

    # `transaction_timeout`, which bounds how long the log is held, came with it.
    minimum_database_version = (17,)

    def allows_group_by_selected_pks_on_model(self, model: type[Model]) -> bool:
        allows: bool = super().allows_group_by_selected_pks_on_model(model)
        return allows and not is_versioned(model)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class: Any = DatabaseFeatures
    ops_class: Any = DatabaseOperations
    SchemaEditorClass: Any = SchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rollbacks = Rollbacks()
        self.is_bounded = False
        """Whether the open transaction is bounded, for it holds the log's lock."""
        self.wrap_database_errors = ErrorWrapper(self)

    def get_connection_params(self) -> dict[str, Any]:
        """Where main's head is read, and how long anybody waits for a lock.

        Head tables stand in a schema that no viewpoint reads.
        """
        params: dict[str, Any] = super().get_connection_params()
        wait = round(lock_timeout_seconds() * 1000)
        own = f"-c search_path={HEAD_PATH} -c lock_timeout={wait}"
        return {**params, "options": f"{params.get('options', '')} {own}".strip()}

    def commit(self) -> None:
        super().commit()
        self.is_bounded = False
        self.rollbacks.forget()

    def rollback(self) -> None:
        super().rollback()
        self.is_bounded = False
        self.rollbacks.undo()

    def close(self) -> None:
        super().close()
        self.is_bounded = False
        self.rollbacks.undo()

    def _savepoint(self, sid: str) -> None:
        super()._savepoint(sid)  # type: ignore[misc]  # the stubs leave it out
        self.rollbacks.begin_savepoint(sid)

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # as above
        self.is_bounded = False  # to bound it again, if it is, does no harm
        self.rollbacks.undo(sid)

    def _rollback(self) -> None:
        """Roll back in one trip.

        psycopg sends DEALLOCATE ALL behind every rollback, because an error may mean that a
        prepared statement is out of date. Viewpoints are left by rollback, without an error:
        the next append would find nothing prepared.
        """
        raw = self.connection.pgconn
        if raw.transaction_status != TransactionStatus.INTRANS:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
            return
        with debug_transaction(self, "ROLLBACK"), self.wrap_database_errors:
            # By way of the connection, which may be one that does not wait for ever.
            raw.send_query(b"ROLLBACK")
            (result,) = self.connection.wait(generators.execute(raw))
            if result.status != ExecStatus.COMMAND_OK:
                raise psycopg.errors.error_from_result(result)
