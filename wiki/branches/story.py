"""What happened on a branch and beside it, step by step, as the graph draws it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.dateformat import format as in_words

from eventstore.models import Changeset
from versioning.models import Branch
from wiki.branches.graph import Lane, Step, lying, standing
from wiki.branches.verdict import Brings
from wiki.changes.listed import Listed

MOST_DRAWN: Final = 4
"""Changes on each side that are drawn, the newest."""


@dataclass(frozen=True)
class Story:
    """A branch, the changeset that it began with, what was written on both sides, its last merge.

    What was written comes newest first, as lists have it.
    """

    branch: Branch
    began: Changeset | None
    own: Sequence[Listed]
    since: Sequence[Listed]
    merge: Changeset | None

    def drawn(self, brings: Brings | None = None) -> dict[str, Any]:
        """The graph for a template: two drawings, and the steps for a table."""
        assert self.branch.parent is not None
        names = (self.branch.parent.called, self.branch.called)
        is_merged = self._is_merged(brings)
        steps = list(self._steps(brings, is_merged=is_merged))
        return {
            "began": self.began,
            "steps": steps,
            "drawings": [
                ("graph-wide", lying(steps, names, is_merged=is_merged)),
                ("graph-narrow", standing(steps, names, is_merged=is_merged)),
            ],
        }

    def _is_merged(self, brings: Brings | None) -> bool:
        """Whether its last merge brought all that it has."""
        return self.merge is not None and brings is not None and brings.is_nothing

    def _steps(self, brings: Brings | None, *, is_merged: bool) -> Iterator[Step]:
        began = self.began.recorded_at if self.began else None
        left = f"{in_words(began, 'j M')}, left here" if began else "left here"
        yield Step("main", left, began, self.began.pk if self.began else None)
        asked = _in_question(brings)
        steps: list[tuple[Listed, Lane]] = [(each, "branch") for each in self.own[:MOST_DRAWN]]
        steps += [
            (each, "meets" if each.changeset.pk in asked else "main")
            for each in self.since[:MOST_DRAWN]
            if not is_merged or self._came_before_its_merge(each.changeset)
        ]
        for each, lane in sorted(steps, key=lambda step: step[0].changeset.last_position):
            yield _step(each, lane)
        if is_merged and self.merge:
            yield Step("main", "merged here", self.merge.recorded_at, self.merge.pk)
        elif brings and not brings.is_nothing and self.branch.is_open:
            yield Step("would", "would be here")

    def _came_before_its_merge(self, changeset: Changeset) -> bool:
        return self.merge is not None and changeset.pk < self.merge.pk


def _step(each: Listed, lane: Lane) -> Step:
    made = each.changeset
    label = made.message or each.pages or made.get_kind_display()
    return Step(lane, label, made.recorded_at, made.pk, each.by)


def _in_question(brings: Brings | None) -> set[int]:
    """The parent's changesets that gave what is in question."""
    return {
        choice.origin.changeset
        for question in (brings.questions if brings else ())
        for choice in question.choices
        if choice.key == "ours" and choice.origin
    }
