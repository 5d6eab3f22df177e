"""Names of columns in generated SQL, where a model may call its own as it likes."""

from collections.abc import Collection, Sequence


def quoted(columns: Sequence[str]) -> str:
    """Columns for a statement."""
    return ", ".join(f'"{column}"' for column in columns)


def unlike(columns: Collection[str], name: str) -> str:
    """The name, or the next like it that none of the columns has."""
    while name in columns:
        name += "_"
    return name
