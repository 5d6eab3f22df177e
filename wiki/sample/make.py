"""Make `coasters.jsonl` from a table of coasters: `python -m wiki.sample.make FILE`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from wiki.exchange.coasters.namesakes import bring_together
from wiki.exchange.coasters.table import RideFacts, read_table
from wiki.sample.moves import brought_home

FACTS = Path(__file__).parent / "coasters.jsonl"


def make(table: Path) -> None:
    """Write each ride's facts as a line, leaving out what is not known."""
    lines = []
    for ride in brought_home(bring_together(read_table(table))):
        known = {name: value for name, value in asdict(ride).items() if value or name == "row"}
        lines.append(json.dumps(known, ensure_ascii=False) + "\n")
    FACTS.write_text("".join(lines), encoding="utf-8")


def sample_rides() -> list[RideFacts]:
    """The facts that were made, one sheet a ride."""
    return [RideFacts(**json.loads(line)) for line in FACTS.open(encoding="utf-8")]


if __name__ == "__main__":
    make(Path(sys.argv[1]))
