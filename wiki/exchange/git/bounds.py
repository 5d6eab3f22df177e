"""How much of a repository is read, each bound with its reason.

Measured on a history of 3,221 commits, 15,411 changes, 535 lines and 134 MB of text: git reads it
in two seconds with 170 MB of memory; recording it takes 10 ms a commit.
"""

from typing import Final

from eventstore.errors import Refusal

MOST_COMMITS: Final = 100_000
"""Of HEAD's history: each is a changeset for good. They take a quarter of an hour."""

MOST_LINES: Final = 5_000
"""Branches that a history is told on: each is a branch of the wiki, in its lists for good."""

MOST_PARENTS: Final = 1_000
"""Of one commit; Linux's largest merge has 66."""

MOST_CHANGES: Final = 2_000_000
"""Files that differ from commit to commit, all together. Trees that name one another again and
again make thousands of millions of files out of a kilobyte: so their listing stops here."""

LONGEST_PATH: Final = 4_096
"""Bytes of a path, which is what file systems take."""

LONGEST_MESSAGE: Final = 20_000
"""Characters of a commit's message that are kept: every page about a changeset shows all of it."""

LONGEST_AUTHOR: Final = 200
"""Characters of an author's name that are kept, as many as any name here has."""

MOST_TEXT: Final = 2_000_000_000
"""Bytes of all texts in all their versions, of which the log keeps every one."""

MOST_MEMORY: Final = 1_000_000_000
"""Bytes of address space of a process of git's. The history above is read with a sixth of it."""

MOST_SECONDS: Final = 600
"""That a process of git's may compute, and the one that copies objects may take in all."""

LARGEST_REFS: Final = 50_000_000
"""Bytes of a file of refs: half a million names."""


class TooMuchToImport(Refusal):
    """A repository is more than is imported in one go; nothing of it was."""

    code = "too-much-to-import"
    status = 400
    hint = "Import a part of it: name fewer files by --path, or make a repository of less history."
