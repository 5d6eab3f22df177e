"""Every reach into private API of a library, beside the library's own source as it is today.

A case is what is relied on: a function or class of the library, and words of its source. Where
they are gone, the test says which, before anything that leans on them fails in a stranger way.
"""

import inspect
import re
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest
from django.conf import settings

from tests.reaches import reaches

PAGE = settings.BASE_DIR / "docs" / "reference" / "private-api.md"

WRAPPER = "django.db.backends.base.base:BaseDatabaseWrapper"
EDITOR = "django.db.backends.base.schema:BaseDatabaseSchemaEditor"
POSTGRESQL = "django.db.backends.postgresql.schema:DatabaseSchemaEditor"
DETECTOR = "django.db.migrations.autodetector:MigrationAutodetector"
QUERYSET = "django.db.models.query:QuerySet"
RELATED = "django.db.models.fields.related_descriptors:create_forward_many_to_many_manager"
GENERIC = "django.contrib.contenttypes.fields:GenericForeignKeyDescriptor"
TRACKING = "eventsourcing.postgres:PostgresTrackingRecorder"
COMPILER = "django.db.models.sql.compiler:SQLCompiler"
STATEMENTS = "django.db.models.sql.subqueries"

RELIED_ON: dict[str, list[tuple[str, str]]] = {
    "_rollback": [
        (f"{WRAPPER}.rollback", "self._rollback()"),
        (f"{WRAPPER}._rollback", "self.connection.rollback()"),
        ("psycopg._preparing:PrepareManager._should_discard", "ROLLBACK"),
    ],
    "_savepoint": [
        (f"{WRAPPER}.savepoint", "self._savepoint(sid)"),
        (f"{WRAPPER}._savepoint", "def _savepoint(self, sid):"),
    ],
    "_savepoint_rollback": [
        (f"{WRAPPER}.savepoint_rollback", "self._savepoint_rollback(sid)"),
        (f"{WRAPPER}._savepoint_rollback", "def _savepoint_rollback(self, sid):"),
    ],
    "_using_sql": [
        (f"{POSTGRESQL}._using_sql", "def _using_sql(self, new_field, old_field):"),
        (f"{POSTGRESQL}._alter_column_type_sql", "self._using_sql(new_field, old_field)"),
    ],
    "_effective_default": [
        (f"{EDITOR}._effective_default", "def _effective_default(field):"),
        (f"{EDITOR}.effective_default", "self._effective_default(field)"),
    ],
    "_alter_column_database_default_sql": [
        (
            f"{EDITOR}._alter_column_database_default_sql",
            "self, model, old_field, new_field, drop=False",
        ),
    ],
    "_db_default_expression": [
        ("django.db.models.fields:Field", "@cached_property\n    def _db_default_expression(self)"),
    ],
    "_unique": [
        ("django.db.models.fields:Field", "return self._unique or self.primary_key"),
    ],
    "_auto_deps": [
        (f"{DETECTOR}.add_operation", "operation._auto_deps = dependencies or []"),
        (f"{DETECTOR}._sort_migrations", "for dep in op._auto_deps:"),
    ],
    "_queryset_class": [
        ("django.db.models.manager:BaseManager.get_queryset", "self._queryset_class(model="),
    ],
    "_chain": [(f"{QUERYSET}._chain", "def _chain(self):")],
    "_clone": [
        (f"{QUERYSET}._clone", "def _clone(self):"),
        (f"{QUERYSET}._chain", "self._clone()"),
    ],
    "_db": [(f"{QUERYSET}.__init__", "self._db = using")],
    "_fields": [
        (f"{QUERYSET}.delete", "if self._fields is not None:"),
        (f"{QUERYSET}._values", "clone._fields = fields"),
    ],
    "_fetch_all": [
        (f"{QUERYSET}._fetch_all", "if self._result_cache is None:"),
        (f"{QUERYSET}.__iter__", "self._fetch_all()"),
        (f"{QUERYSET}.__len__", "self._fetch_all()"),
        (f"{QUERYSET}.__bool__", "self._fetch_all()"),
    ],
    "_hints": [(f"{QUERYSET}.__init__", "self._hints = hints or {}")],
    "_not_support_combined_queries": [
        (f"{QUERYSET}.delete", 'self._not_support_combined_queries("delete")'),
        (f"{QUERYSET}.update", 'self._not_support_combined_queries("update")'),
    ],
    "_prefetch_related_lookups": [
        (f"{QUERYSET}.raw", "qs._prefetch_related_lookups = self._prefetch_related_lookups[:]"),
    ],
    "_has_signal_listeners": [
        (
            "django.db.models.deletion:Collector._has_signal_listeners",
            "def _has_signal_listeners(self, model):",
        ),
        (
            "django.db.models.deletion:Collector.collect",
            "or self._has_signal_listeners(related_model)",
        ),
    ],
    "_set_content_type_params": [
        (
            "django.core.handlers.wsgi:WSGIRequest.__init__",
            "self._set_content_type_params(environ)",
        ),
    ],
    "_save_table": [
        (
            "django.core.serializers.base:DeserializedObject.save",
            "models.Model.save_base(self.object, using=using, raw=True, **kwargs)",
        ),
        ("django.db.models.base:Model.save_base", "updated = self._save_table("),
    ],
    "rollback_exc": [
        (f"{WRAPPER}.validate_no_broken_transaction", ") from self.rollback_exc"),
        ("django.db.transaction:mark_for_rollback_on_error", "connection.rollback_exc = exc"),
    ],
    "set_base": [
        (
            "django.core.serializers.base:DeserializedObject.save",
            "getattr(self.object, accessor_name).set_base(object_list, raw=True)",
        ),
    ],
    "totally_ordered": [
        (
            "django.core.serializers.python:Serializer.handle_m2m_field",
            "if not query_set.totally_ordered:",
        ),
    ],
    "threading.Thread.start": [
        ("threading:Thread.start", "def start(self):"),
        ("concurrent.futures.thread:ThreadPoolExecutor._adjust_thread_count", "t.start()"),
    ],
    "_result_cache": [(f"{QUERYSET}._fetch_all", "self._result_cache = list(")],
    "_apply_rel_filters": [
        (RELATED, "def _apply_rel_filters(self, queryset):"),
        (RELATED, "return self._apply_rel_filters(queryset)"),
    ],
    "_get_next_or_previous_by_FIELD": [
        (
            "django.db.models.base:Model._get_next_or_previous_by_FIELD",
            "def _get_next_or_previous_by_FIELD(self, field, is_next, **kwargs):",
        ),
        ("django.db.models.fields:DateField", "cls._get_next_or_previous_by_FIELD,"),
    ],
    "_add_hints": [(f"{QUERYSET}._add_hints", "self._hints.update(hints)")],
    "fetch_one": [
        (f"{GENERIC}.__get__", "instance._state.fetch_mode.fetch(self, instance)"),
        (f"{GENERIC}.fetch_one", "def fetch_one(self, instance):"),
    ],
    "_remove_prefetched_objects": [(RELATED, "def _remove_prefetched_objects(self):")],
    "_check_supported": [
        (
            "django.db.models.fields.generated:GeneratedField.check",
            "*self._check_supported(databases)",
        ),
    ],
    "_create_table": [
        ("eventsourcing.postgres:PostgresRecorder.create_table", "self._create_table(curs)"),
        (f"{TRACKING}._create_table", "super()._create_table(curs)"),
    ],
    "_insert_events": [
        (
            "eventsourcing.postgres:PostgresApplicationRecorder.insert_events",
            "self._insert_events(curs, stored_events, **kwargs)",
        ),
    ],
    "_insert_tracking": [
        (f"{TRACKING}.insert_tracking", "self._insert_tracking(curs, tracking)"),
        (f"{TRACKING}._insert_tracking", "curs: Cursor[DictRow],\n        tracking: Tracking,"),
    ],
    "_max_tracking_id": [
        (f"{TRACKING}.max_tracking_id", "self._max_tracking_id(application_name, curs)"),
    ],
    "_process_events_loop": [
        (
            "eventsourcing.projection:BaseProjectionRunner.__init__",
            "target=self._process_events_loop",
        ),
        ("eventsourcing.projection:BaseProjectionRunner._process_events_loop", "@staticmethod"),
    ],
    "_from_testcase": [
        ("django.db.transaction:Atomic.__init__", "self._from_testcase = False"),
        ("django.test.testcases:TestCase._enter_atomics", "atomic._from_testcase = True"),
    ],
    "_worker": [
        ("concurrent.futures.thread:_worker", "def _worker("),
        ("concurrent.futures.thread:ThreadPoolExecutor._adjust_thread_count", "target=_worker"),
    ],
    "_target": [("threading:Thread.__init__", "self._target = target")],
    "_post_clean": [("django.forms.forms:BaseForm.full_clean", "self._post_clean()")],
    "_save_m2m": [("django.forms.models:BaseModelForm.save", "self._save_m2m()")],
    "_detect_changes": [
        (f"{DETECTOR}.changes", "changes = self._detect_changes(convert_apps, graph)"),
        (f"{DETECTOR}._detect_changes", "self.from_state.models.items()"),
        (f"{DETECTOR}._detect_changes", "self.generated_operations = {}"),
    ],
    "_sort_migrations": [
        (f"{DETECTOR}._detect_changes", "self._sort_migrations()\n        self._build_migration"),
    ],
    "generated_operations": [
        (f"{DETECTOR}._sort_migrations", "self.generated_operations[app_label] = list("),
        (f"{DETECTOR}._build_migration_list", "list(self.generated_operations[app_label])"),
    ],
    "add_operation": [
        (
            f"{DETECTOR}.add_operation",
            "self, app_label, operation, dependencies=None, beginning=False",
        ),
        (f"{DETECTOR}.add_operation", "insert(0, operation)"),
    ],
    "OperationDependency": [
        (
            "django.db.migrations.autodetector:OperationDependency",
            "app_label model_name field_name type",
        ),
    ],
    "only_relation_agnostic_fields": [
        (f"{DETECTOR}.only_relation_agnostic_fields", 'deconstruction[2].pop("to", None)'),
    ],
    "field_references": [
        (
            "django.db.migrations.utils:field_references",
            "reference_model_tuple,\n    reference_field_name=None,\n    reference_field=None",
        ),
    ],
    "deep_deconstruct": [
        (f"{DETECTOR}.deep_deconstruct", "deconstructed = deconstructed[1:]"),
    ],
    "RenameContentType": [
        (
            "django.contrib.contenttypes.management:RenameContentType",
            "class RenameContentType(migrations.RunPython):",
        ),
    ],
    "migrate.MigrationExecutor": [
        (
            "django.core.management.commands.migrate:Command",
            "executor = MigrationExecutor(connection, self.migration_progress_callback)",
        ),
    ],
    "sync_apps": [
        (
            "django.core.management.commands.migrate:Command",
            "def sync_apps(self, connection, app_labels):",
        ),
    ],
    "router.routers": [
        ("django.db.utils:ConnectionRouter.allow_migrate", "for router in self.routers:"),
    ],
    "apply_migration": [
        (
            "django.db.migrations.executor:MigrationExecutor.apply_migration",
            "self, state, migration, fake=False, fake_initial=False",
        ),
    ],
    "unapply_migration": [
        (
            "django.db.migrations.executor:MigrationExecutor.unapply_migration",
            "def unapply_migration(self, state, migration, fake=False):",
        ),
    ],
    "_create_project_state": [
        (
            "django.db.migrations.executor:MigrationExecutor._create_project_state",
            "def _create_project_state(self, with_applied_migrations=False):",
        ),
        (
            "django.db.migrations.executor:MigrationExecutor._create_project_state",
            "for key in self.loader.applied_migrations",
        ),
    ],
    "build_where": [
        (
            "django.db.models.constraints:CheckConstraint._get_check_sql",
            "where = query.build_where(self.condition)",
        ),
    ],
    "get_compiler": [
        (
            "django.db.models.sql.query:Query.get_compiler",
            "def get_compiler(self, using=None, connection=None, elide_empty=True):",
        ),
        ("django.db.models.sql.query:Query.as_sql", "self.get_compiler("),
    ],
    "is_sliced": [(f"{QUERYSET}.update", "if self.query.is_sliced:")],
    "get_converters": [(f"{COMPILER}.get_converters", "converters[i] = (")],
    "compiler.select": [(f"{COMPILER}.setup_query", "self.select, self.klass_info")],
    "compiler_module": [
        (
            "django.db.backends.base.operations:BaseDatabaseOperations.compiler",
            "import_module(self.compiler_module)",
        ),
    ],
    "execute_sql": [
        (f"{COMPILER}.execute_sql", "if result_type == SINGLE:"),
        (f"{STATEMENTS}:DeleteQuery.do_query", "self.get_compiler(using).execute_sql(ROW_COUNT)"),
        (
            f"{STATEMENTS}:UpdateQuery.update_batch",
            "self.get_compiler(using).execute_sql(NO_RESULTS)",
        ),
        (
            f"{QUERYSET}._raw_delete",
            "return query.get_compiler(using).execute_sql(ROW_COUNT)",
        ),
    ],
    "query.values": [
        (f"{STATEMENTS}:UpdateQuery.add_update_fields", "self.values.append((field, model, val))"),
    ],
    "statement.chain": [
        ("django.db.models.sql.query:Query.chain", "obj.__class__ = klass"),
    ],
    "collector.collect": [
        (
            "django.db.models.deletion:Collector.collect",
            "on_delete(self, field, sub_objs, self.using)",
        ),
        (
            "django.db.models.deletion:Collector.collect",
            "sub_objs = field.bulk_related_objects(new_objs, self.using)",
        ),
    ],
    "effective_default": [
        (f"{EDITOR}.effective_default", "def effective_default(self, field):"),
        (f"{EDITOR}._iter_column_sql", "self.effective_default(field)"),
    ],
    "get_prefetch_querysets": [
        (RELATED, "def get_prefetch_querysets(self, instances, querysets=None):"),
        (
            f"{GENERIC}.get_prefetch_querysets",
            "def get_prefetch_querysets(self, instances, querysets=None):",
        ),
        (f"{GENERIC}.fetch_many", "prefetch_related_objects(missing_instances, self.field.name)"),
    ],
}


def listed() -> set[tuple[str, str]]:
    """File and name, as the page has them."""
    rows = re.findall(r"^\| `([\w.]+)` \| `([\w/.]+)` \| \S.* \|$", PAGE.read_text(), re.MULTILINE)
    return {(file, name) for name, file in rows}


def test_the_page_lists_every_reach() -> None:
    private = {(file, name) for file, name in listed() if name.startswith("_")}
    assert private == reaches()


def test_what_the_page_lists_is_there_and_has_a_case() -> None:
    for file, name in listed():
        used = name.rpartition(".")[2]
        assert used in (settings.BASE_DIR / file).read_text(), (file, name)
    assert {name for _, name in listed()} == RELIED_ON.keys()


@pytest.mark.parametrize("name", sorted(RELIED_ON))
def test_the_library_is_as_it_was(name: str) -> None:
    for dotted, words in RELIED_ON[name]:
        library = re.split(r"[.:]", dotted)[0]
        is_python = library in sys.stdlib_module_names
        held = sys.version.split()[0] if is_python else version(library)
        where = f"{dotted} of {library} {held}"
        source = inspect.getsource(_named(dotted, where))
        files = sorted(file for file, listed_name in listed() if listed_name == name)
        assert words in source, f"{where} no longer says `{words}`; {name} is used in {files}."


def _named(dotted: str, where: str) -> Any:
    module, _, path = dotted.partition(":")
    named: Any = import_module(module)
    for part in path.split("."):
        named = inspect.getattr_static(named, part, None)
        assert named is not None, f"{where} is gone."
    named = named.fget if isinstance(named, property) else named
    return named.__func__ if isinstance(named, staticmethod) else named
