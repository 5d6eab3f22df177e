"""The same ride in several rows: told apart, brought together, or reported; never overwritten.

A table that lists a ride again for every year in which it was renamed or moved is common. Rows
with one name and one park are one ride. Where no park is known, the year tells rides apart.
"""

import unicodedata
from functools import lru_cache
from typing import Any

from wiki.exchange.coasters.table import RideFacts, Table
from wiki.exchange.tables.remarks import Remark


def key_of(facts: RideFacts) -> tuple[str, str, str]:
    """What makes a ride the same one whenever the table is read."""
    return folded(facts.name), folded(facts.park or ""), "" if facts.park else facts.year


@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """A name without case and accents."""
    if name.isascii():
        return name.casefold()
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def bring_together(table: Table) -> list[RideFacts]:
    """One fact sheet a ride, in the order of the file; what rows add is kept.

    A row that contradicts an earlier one is left out and reported with both readings.
    """
    first: dict[tuple[str, str, str], RideFacts] = {}
    for facts in table.rides:
        known = first.setdefault(key_of(facts), facts)
        if known is facts:
            continue
        differing = _contradictions(known, facts)
        if differing:
            column, before, now = differing[0]
            table.bad_cells.append(
                Remark(
                    facts.row, "", "",
                    f"is {facts.name!r} again, of row {known.row}, with another {column} "
                    f"({now} instead of {before}): it was left out",
                )
            )  # fmt: skip
            continue
        known.fields = {**facts.fields, **known.fields}
        year = f" with the year {facts.year}" if facts.year != known.year else ""
        table.notes.append(
            Remark(facts.row, "", "", f"is {facts.name!r} of row {known.row} again{year}")
        )
    return list(first.values())


def _contradictions(known: RideFacts, other: RideFacts) -> list[tuple[str, Any, Any]]:
    """Fields that both rows tell, differently. Another year alone is no contradiction."""
    one = {**known.fields, "model": known.model, "manufacturer": known.manufacturers}
    two = {**other.fields, "model": other.model, "manufacturer": other.manufacturers}
    only_years = {one.get("opened"), two.get("opened")} <= {known.year, other.year}
    return [
        (name, one[name], value)
        for name, value in two.items()
        if value and one.get(name) and one[name] != value and not (name == "opened" and only_years)
    ]
