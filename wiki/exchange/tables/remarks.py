"""What is to be said of cells and rows that were not read, or not whole."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """What is to be said of a cell, or of a row as a whole (no column)."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        if not self.column:
            return f"Row {self.row} {self.reason}."
        quoted = self.value if len(self.value) <= 80 else f"{self.value[:79]}…"
        return f"Row {self.row}, {self.column}: {quoted!r} {self.reason}."


def lines(remarks: list[Remark]) -> Iterator[str]:
    """Remarks as sentences, in the order of the file."""
    for remark in sorted(remarks, key=lambda each: each.row):
        yield str(remark)
