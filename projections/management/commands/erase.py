"""`manage.py erase`: what versions said leaves the log and all that follows it, for good."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import CommandError

from eventstore.management.migrated import MigratedCommand
from eventstore.models import Changeset
from projections.cache.store import CacheIsAway
from projections.erasing import erase, told
from versioning.entities.kinds import Kind, UnknownKind, kind_of
from versioning.erasure import Erasure, Span, is_erased
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.versions import every_row_in

_VERSIONS = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?(?:@([a-z0-9-]+))?", re.ASCII)


def kept_erasures() -> Path | None:
    """Where each erasure is noted, to be repeated after a restore, if the settings name a file."""
    file = getattr(settings, "ERASURES_FILE", None)
    return None if file is None else Path(file)


class Command(MigratedCommand):
    help = "Erase what versions of an entity said: from the log, from all rows, and for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="What it is, as `wiki.ride`.")
        parser.add_argument("entity", nargs="?", help="Its id, or its address (slug).")
        parser.add_argument(
            "versions",
            nargs="*",
            help="Versions of main (5, or 5-7), or of a branch (2@spring).",
        )
        parser.add_argument("--field", action="append", default=[], help="Only this field; again.")
        parser.add_argument(
            "--changeset",
            action="append",
            type=int,
            default=[],
            help="Also what this changeset says of itself: its summary, its answers; again.",
        )
        parser.add_argument("--reason", default="", help="Why; everybody reads it, for ever.")
        parser.add_argument("--yes", action="store_true", help="Ask nothing.")
        parser.add_argument(
            "--find", metavar="WORDS", help="Change nothing: tell where the log says some words."
        )
        parser.add_argument(
            "--again",
            type=Path,
            metavar="FILE",
            help="Repeat the erasures that a file notes, after an older backup was restored.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["find"]:
            self._find(options["find"])
        elif options["again"]:
            self._repeat(options["again"])
        else:
            self._erase(options)

    def _find(self, words: str) -> None:
        places = list(told(words))
        for place in places:
            self.stdout.write(place)
        self.stdout.write(f"{len(places)} places in the log." if places else "Nowhere in the log.")

    def _erase(self, options: dict[str, Any]) -> None:
        if not (options["kind"] and options["entity"] and options["versions"]):
            raise CommandError("Say what to erase: a kind, an entity, and versions. See --help.")
        if not options["reason"]:
            raise CommandError("Say why, with --reason: it is recorded with the erasure.")
        kind = _kind(options["kind"])
        unknown = sorted(set(options["field"]) - kind.fields.keys())
        if unknown:
            raise CommandError(f"A {kind.noun} has no field {unknown[0]!r}.")
        spans = tuple(map(_span, options["versions"]))
        erasure = Erasure(
            kind, _entity(kind, options["entity"]), spans, frozenset(options["field"])
        )
        changesets = list(Changeset.every.filter(pk__in=options["changeset"]))
        missing = set(options["changeset"]) - {each.pk for each in changesets}
        if missing:
            raise CommandError(f"There is no changeset {min(missing)}.")
        what = ", ".join(map(str, spans))
        if not options["yes"]:
            self.stdout.write(f"This erases {what} of {kind.label} {erasure.entity_id}, for good.")
            if input("Type `erase` to go on: ") != "erase":
                raise CommandError("Nothing was erased.")
        self._carry_out(erasure, changesets, options["reason"])
        note = {
            "kind": kind.label,
            "entity": str(erasure.entity_id),
            "spans": [[span.branch, span.first, span.last] for span in spans],
            "fields": sorted(erasure.fields),
            "changesets": sorted(each.pk for each in changesets),
            "reason": options["reason"],
        }
        if (file := kept_erasures()) is not None:
            with file.open("a", encoding="utf-8") as opened:
                opened.write(json.dumps(note) + "\n")
            self.stdout.write(f"It is noted in {file}, to be repeated after a restore.")

    def _carry_out(self, erasure: Erasure, changesets: list[Changeset], reason: str) -> None:
        try:
            sealed = erase(erasure, changesets=changesets, message=reason)
        except CacheIsAway:
            self.stderr.write(
                "Redis does not answer: what it holds is shown to nobody, and ends within a day."
            )
        else:
            self.stdout.write(f"Erased, as changeset {sealed.changeset}.")

    def _repeat(self, file: Path) -> None:
        for number, note in enumerate(_notes(file), start=1):
            try:
                kind = _kind(note["kind"])
                spans = tuple(Span(*numbers) for numbers in note["spans"])
                erasure = Erasure(kind, UUID(note["entity"]), spans, frozenset(note["fields"]))
                changesets = list(Changeset.every.filter(pk__in=note["changesets"]))
                reason = str(note["reason"])
            except (KeyError, TypeError, ValueError) as error:
                raise CommandError(
                    f"Line {number} of {file} is not one of our notes: {error}"
                ) from None
            if is_erased(erasure, changesets):
                self.stdout.write(f"Line {number}: erased already.")
            else:
                self._carry_out(erasure, changesets, reason)


def _notes(file: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        yield from (json.loads(line) for line in lines if line.strip())
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{file} holds something else than notes of erasures: {error}") from None


def _kind(label: str) -> Kind:
    try:
        return kind_of(label.lower())
    except UnknownKind:
        raise CommandError(f"There is no kind called {label!r}; `wiki.ride` is one.") from None


def _entity(kind: Kind, told: str) -> UUID:
    """An entity by its id, or by its address: also one that it had, or that is deleted."""
    try:
        return UUID(told)
    except ValueError:
        pass
    if "slug" not in kind.fields:
        raise CommandError(f"{told!r} is not an id, and a {kind.noun} has no address.")
    rows = every_row_in(kind).filter(slug=told)
    found = set(rows.values_list("entity_id", flat=True))
    if len(found) != 1:
        raise CommandError(
            f"There is no {kind.noun} at {told!r}."
            if not found
            else f"Several had the address {told!r}: give an id. {', '.join(map(str, found))}"
        )
    return UUID(str(found.pop()))


def _span(told: str) -> Span:
    """Raises CommandError, NoSuchBranch."""
    match = _VERSIONS.fullmatch(told)
    if match is None:
        raise CommandError(f"{told!r} names no versions; 5, 5-7 and 2@spring do.")
    first, last, branch = match.groups()
    return Span(resolve(branch or "main").branch, int(first), int(last or first))
