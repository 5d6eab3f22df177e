"""The numbers of the log, told apart by type."""

from typing import NewType

Position = NewType("Position", int)
"""An event's place in the log: global, in commit order."""

Version = NewType("Version", int)
"""An event's place in its stream, counted from 1; 0 is before the first."""

ChangesetId = NewType("ChangesetId", int)
"""A changeset's number, counted from 1 without gaps."""

BEGINNING = Position(0)
