"""First-parent lines: the branches that a graph of commits was written on."""

from collections.abc import Sequence
from dataclasses import dataclass

from wiki.exchange.git.repository import Commit


@dataclass(frozen=True)
class Line:
    """A chain of first parents; `forked_at` is the commit that it left, None for a root."""

    name: str
    forked_at: str | None


def lines_of(commits: Sequence[Commit], head: str) -> dict[str, Line]:
    """The line of every commit, each called after its youngest commit; HEAD's ends there.

    `commits` come parents first. Going back from the youngest, a commit
    that no line has taken yet is the tip of a new one.
    """
    by_name = {commit.name: commit for commit in commits}
    line_of: dict[str, Line] = {}
    for tip in [by_name[head], *reversed(commits)]:
        if tip.name in line_of:
            continue
        chain = []
        at: str | None = tip.name
        while at is not None and at not in line_of:
            chain.append(at)
            parents = by_name[at].parents
            at = parents[0] if parents else None
        line = Line(f"git-{tip.name[:12]}", at)
        line_of.update(dict.fromkeys(chain, line))
    return line_of
