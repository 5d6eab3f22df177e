"""Make `coasters.jsonl` from a table of coasters: `python -m wiki.sample.make FILE`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from wiki.imports.coasters.table import read_table

FACTS = Path(__file__).parent / "coasters.jsonl"


def make(table: Path) -> None:
    """Write each ride's facts as a line, leaving out what is not known."""
    lines = []
    for ride in read_table(table).rides:
        known = {name: value for name, value in asdict(ride).items() if value not in (None, [])}
        lines.append(json.dumps(known, ensure_ascii=False, default=str) + "\n")
    FACTS.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
