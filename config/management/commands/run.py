"""`manage.py run`: the whole wiki, ready to read, with one command."""

import errno
import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config.administrator import ensure_local_administrator
from config.serving.front import Front
from config.serving.health import RECORD
from config.serving.lanes import lanes
from config.serving.names import LANE
from config.serving.supervision import Child, Supervisor, manage


class Command(BaseCommand):
    help = (
        "Serves the wiki. On your own machine, it prepares the database first, and fills an empty "
        "wiki with the sample; elsewhere both are yours to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.ENVIRONMENT.host, settings.ENVIRONMENT.port
        require_free_port(host, port)
        settings.EMBEDDED.prepare()
        if settings.IS_LOCAL:
            call_command("migrate", interactive=False, verbosity=0)
            if wiki_is_empty():
                call_command("load_sample")
        else:
            require_migrated()
            call_command("collectstatic", interactive=False, verbosity=0)
        self.warn_of_clocks()
        self.greet(host, port)
        # From now on this process only watches others.
        for connection in connections.all():
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL alone
        supervisor(host, port).run()

    def warn_of_clocks(self) -> None:
        from eventstore.integrity import dated_ahead
        from eventstore.standing import HIGHEST

        for found in dated_ahead(HIGHEST):
            self.stderr.write(f"Look at this machine's clock: {found}")

    def greet(self, host: str, port: int) -> None:
        shown_host = "localhost" if host in {"127.0.0.1", "::1", "0.0.0.0", "::"} else host  # noqa: S104  # shown, not listened at
        self.stdout.write(f"\nThrillWiki is at http://{shown_host}:{port}/ (stop it with Ctrl-C)")
        if settings.ENVIRONMENT.database_url is None:
            self.stdout.write(ensure_local_administrator() + "\n")
        self.stdout.flush()


def require_migrated() -> None:
    """Refuse a database that lacks migrations: its owner makes them, and the wiki may not."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            f"The database lacks {len(plan)} migrations of this version. Let its owner make them "
            "(DATABASE_URL=postgresql://OWNER@… manage.py migrate), then start the wiki again: "
            "docs/how-to/run-in-production.md, “Upgrade”."
        )


def supervisor(host: str, port: int) -> Supervisor:
    """Of all that serves this wiki."""
    folder, answering = settings.SERVING_FOLDER, lanes()
    front = Front(
        host,
        port,
        {name: lane.socket for name, lane in answering.items()},
        folder,
        behind_proxy=settings.ENVIRONMENT.behind_proxy,
    )
    front.end_lost()
    return Supervisor(
        [
            *(Child(lane, manage("serve", lane), {LANE: lane}) for lane in answering),
            Child("follower", manage("follow")),
            Child("front", front.command()),
        ],
        folder / RECORD,
        settings.EMBEDDED.mend,
    )


def wiki_is_empty() -> bool:
    from eventstore.foreign import NO_BRANCH
    from eventstore.models import Changeset, ChangesetKind

    # A branch that was made, main included, is no content yet.
    branches = [ChangesetKind.BRANCH, ChangesetKind.FORK, ChangesetKind.SCHEMA]
    pages = Changeset.objects.exclude(kind__in=branches).exclude(branch=NO_BRANCH)
    return not pages.exists()


def require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        # As the server does: connections that linger from the last one are no obstacle.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
            attempt.listen()
        except OSError as error:
            raise CommandError(_port_sentence(host, port, error)) from None


def _port_sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program. "
            f"Stop that program, or choose another port: PORT={port + 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved. Choose one above 1023: PORT=8000 make run"
    return f"ThrillWiki cannot listen at {host}:{port} ({error.strerror}). Correct HOST or PORT."
