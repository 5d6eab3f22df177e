"""Whether a branch can be merged, and why not, in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.template.defaultfilters import pluralize

from versioning.branches.compare import Distance
from versioning.models import Branch
from wiki.branches.questions import Question
from wiki.rights.rights import Right, may

MOST_NAMED: Final = 3
"""Questions that are named; of more it tells the number."""


@dataclass(frozen=True)
class Ground:
    """A sentence that speaks for a merge, or says what is missing."""

    is_well: bool
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """The answer in a line, and its grounds."""

    title: str
    grounds: Sequence[Ground]
    is_asked: bool = False


@dataclass(frozen=True)
class Brings:
    """What a branch would bring to its parent now."""

    pages: int
    questions: Sequence[Question]

    @property
    def is_nothing(self) -> bool:
        return not self.pages and not self.questions


def verdict(
    branch: Branch, brings: Brings, distance: Distance, user: Any, *, was_merged: bool
) -> Verdict:
    """Whether a branch can be merged. It asks for the account's rights, where one is signed in."""
    assert branch.parent is not None
    parent = branch.parent.called
    is_merged = was_merged and brings.is_nothing
    if not branch.is_open:
        closed = Ground(False, "It can be read, but not edited until somebody opens it again.")
        return Verdict("It is merged and archived" if is_merged else "It is archived", [closed])
    if brings.is_nothing:
        title = "It is merged" if is_merged else "There is nothing to merge"
        return Verdict(
            title, [Ground(True, f"{parent} already has everything that is on this branch.")]
        )
    grounds = [*_of_pages(brings), *_of_questions(brings.questions)]
    if distance.behind:
        grounds.append(_of_parent(parent, distance.behind, brings))
    grounds += _of_rights(user)
    count = len(brings.questions)
    title = (
        f"{_counted(count, 'question')} before it can be merged"
        if count
        else "It can be merged as it is"
    )
    return Verdict(title, grounds, is_asked=bool(count))


def _of_pages(brings: Brings) -> list[Ground]:
    if not brings.pages:
        return []
    verb = "merges by itself" if brings.pages == 1 else "merge by themselves"
    return [Ground(True, f"{_counted(brings.pages, 'page')} {verb}.")]


def _of_questions(questions: Sequence[Question]) -> list[Ground]:
    named = [Ground(False, each.question) for each in questions[:MOST_NAMED]]
    if (more := len(questions) - MOST_NAMED) > 0:
        named.append(Ground(False, f"{_counted(more, 'question')} more."))
    return named


def _of_parent(parent: str, behind: int, brings: Brings) -> Ground:
    came = f"{parent} has had {_counted(behind, 'change').lower()} since"
    if brings.questions:
        return Ground(True, f"{came}; everything but the questions fits together.")
    return Ground(True, f"{came}, and everything fits together.")


def _of_rights(user: Any) -> list[Ground]:
    if not user.is_authenticated:
        return [Ground(False, "Sign in to answer, or to propose it.")]
    if may(user, Right.MERGE):
        return []
    if may(user, Right.BRANCH):
        return [Ground(False, "You can answer and propose it; a moderator merges it.")]
    return [Ground(False, "An editor can propose it; a moderator merges it.")]


def _counted(count: int, noun: str) -> str:
    said = "One" if count == 1 else f"{count:,}"
    return f"{said} {noun}{pluralize(count)}"
