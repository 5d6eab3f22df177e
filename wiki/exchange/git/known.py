"""Which commits of git's the wiki has already, as changesets that everybody finds."""

from collections.abc import Sequence

from django.db.models import QuerySet

from eventstore.errors import Refusal
from eventstore.models import Changeset
from eventstore.types import ChangesetId
from versioning.branches.aside import ASIDE
from versioning.models import Branch
from wiki.exchange.git.repository import Commit


class PartlyHere(Refusal):
    """Some of the history was imported before, and not all."""

    code = "partly-here"
    status = 409
    hint = "Import it into a wiki of its own, or bring in what is new by hand."


def is_here(commit: str) -> bool:
    """Whether a commit was imported, with all that it was imported with."""
    return _changesets(commit).exists()


def changeset_of(commit: str) -> ChangesetId:
    """The changeset that a commit became. Raises DoesNotExist."""
    return ChangesetId(_changesets(commit).get().pk)


def refuse_known_roots(commits: Sequence[Commit]) -> None:
    """Refuse a history that begins with what is here. Raises PartlyHere."""
    if any(is_here(commit.name) for commit in commits if not commit.parents):
        raise PartlyHere(
            "The beginning of this history is here already, and what was imported may have been "
            "edited since."
        )


def _changesets(commit: str) -> "QuerySet[Changeset]":
    """Those that became of a commit, without what stands aside."""
    aside = Branch.every.filter(ASIDE).values("number")
    became = Changeset.every.filter(recorded_details__contains=f'"git": "{commit}"')
    return became.exclude(branch__in=aside)
