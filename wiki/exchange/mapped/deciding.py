"""The branch on which doubtful rows wait for a person, who reads there what they may mean."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from versioning.blame import blame
from versioning.branches.changes import describe
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.sync import NothingToSync, sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch
from versioning.viewpoints.versions import rows_in
from wiki.exchange.mapped.plan import Plan
from wiki.exchange.tables.loading import load
from wiki.pages.addresses import address_of

LONGEST_DESCRIPTION = 2_000
"""Characters of a branch's description."""

LONGEST_DETAILS = 200_000
"""Characters of what a changeset says of its rows."""


@dataclass(frozen=True)
class Aside:
    """The branch of a file's doubtful rows ("" where there are none), and what was kept there."""

    branch: str = ""
    kept: Sequence[str] = ()


def put_aside(
    plan: Plan, file: str, *, parent: str, mark: str, addresses: Mapping[UUID, str]
) -> Aside:
    """Put a file's doubtful rows on a branch of their own.

    The branch says of each row which page it may mean: in its description as far as there is
    room, and in full in the details of the changeset. An open branch of an earlier run of the
    same file is brought up to date, and says of itself what is doubtful now, unless a person wrote
    there; where it conflicts with its parent, there is another one. `addresses` are those of pages
    that the certain rows have made.

    Raises what load() raises, and NestedTooDeep.
    """
    if not plan.doubtful_rows:
        return Aside()
    doubts = [row.said(addresses) for row in plan.doubtful_rows]
    name = _branch(doubts, file, parent)
    loaded = load(
        plan.doubtful,
        mark=mark,
        only_if_named=plan.only_named,
        branch=name,
        message=f"Doubtful rows of {file}",
        more_details={"doubts": _as_much(doubts, LONGEST_DETAILS)},
    )
    return Aside(name, loaded.kept)


def _branch(doubts: Sequence[str], file: str, parent: str) -> str:
    at = Branch.objects.get(name=parent)
    lead = f"Rows of {file} that a person must look at.\n"
    described = lead + _as_much(doubts, LONGEST_DESCRIPTION - len(lead))
    for name in _names(file):
        branch = Branch.objects.filter(name=name).first()
        if branch is None:
            fork(name, parent=parent, description=described)
            return name
        if branch.is_open and branch.parent == at and _is_brought_up_to_date(branch):
            _describe_anew(branch, described)
            return name
    raise AssertionError("names do not end")


def _names(file: str) -> Iterator[str]:
    stem = file.rpartition(".")[0] or file
    plain = f"doubtful-{address_of(stem)[:40]}".rstrip("-")
    yield plain
    for number in count(2):
        yield f"{plain}-{number}"


def _describe_anew(branch: Branch, described: str) -> None:
    """Let a branch say something else of itself, unless a person wrote of what it says."""
    kind = kind_of(Branch)
    versions = rows_in(kind).filter(entity_id=branch.pk).order_by("-valid_from")
    passages = blame(kind, branch.pk, "description", versions)
    if all(passage.changeset.actor_id is None for passage in passages):
        branch.refresh_from_db()  # which syncing has written to
        describe(branch, described)


def _is_brought_up_to_date(branch: Branch) -> bool:
    """Let the branch have the pages that its parent has by now, unless the two conflict."""
    try:
        sync(branch)
    except NothingToSync:
        return True
    except UnresolvedConflicts:
        return False
    return True


def _as_much(doubts: Sequence[str], room: int) -> str:
    """A line each, as many as there is room for, and how many there are besides."""
    said = ""
    for number, doubt in enumerate(doubts):
        rest = f"And {len(doubts) - number} more: the details of its changesets name them."
        if len(said) + len(doubt) + 2 + len(rest) > room:
            return said + rest
        said += f"{doubt}.\n"
    return said.rstrip()
