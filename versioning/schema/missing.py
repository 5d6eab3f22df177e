"""Kinds that the log has and the code has not: an app was taken out, or a model.

Without them no event of theirs is read, and a merge would leave out what a branch has of them.
"""

from collections.abc import Iterator

from django.apps import apps

from eventstore.errors import Refusal
from versioning.entities.kinds import kinds, kinds_by_label
from versioning.schema.reading import read_lines


class KindMissing(Refusal):
    """A kind of the log's is in no installed app, so that nothing can be said of its entities."""

    code = "kind-missing"
    status = 503

    def __init__(self, label: str) -> None:
        app = label.split(".")[0]
        if _is_installed(label):
            super().__init__(
                f"The log has the kind {label}, and the code has no such model.",
                "Run `manage.py makemigrations` and `manage.py migrate`, or the code that fits.",
            )
        else:
            super().__init__(
                f"The log has the kind {label}, and no app {app} is installed.",
                f"Put {app} back into INSTALLED_APPS. To do without it, delete its models before "
                f"it is taken out: `manage.py migrate {app} zero`, or by a migration.",
            )


def require_all_kinds() -> None:
    """Refuse to go on without some of the log's kinds. Cost: a query. Raises KindMissing."""
    known = kinds_by_label()
    for label in sorted(read_lines().now):
        if label not in known:
            raise KindMissing(label)


def kinds_of_missing_apps() -> Iterator[KindMissing]:
    """A refusal for each kind whose app was taken out, and that did not move to another."""
    tables = {kind.table for kind in kinds()}
    for label, line in sorted(read_lines().now.items()):
        if not _is_installed(label) and line.table not in tables:
            yield KindMissing(label)


def _is_installed(label: str) -> bool:
    return label.split(".")[0] in apps.app_configs
