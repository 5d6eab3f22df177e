"""Readers of pages at head, past and branch, and editors who save forms.

    python -m tests.load.accounts 8 > accounts.txt
    python -m tests.load.load http://127.0.0.1:8000 --accounts accounts.txt --readers 50 --editors 4

Tells how many pages were read a second, how long reading and saving took, and how it all ended.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.accounts import Account, read_accounts
from tests.load.asking import Target
from tests.load.figures import Figures
from tests.load.traffic import Traffic, survey


@dataclass(frozen=True)
class Load:
    """How hard a wiki is asked, and for how long."""

    readers: int = 50
    editors: int = 4
    seconds: float = 30
    pause: float = 1.0
    """Of an editor, between a save and the next form."""


async def run(target: Target, load: Load, accounts: Sequence[Account]) -> Traffic:
    """Put a wiki under load; what became of it."""
    traffic = Traffic(target, await survey(target), accounts)
    async with traffic.flowing(readers=load.readers, editors=load.editors, pause=load.pause):
        await asyncio.sleep(load.seconds)
    return traffic


def told(traffic: Traffic, seconds: float) -> str:
    """Figures of all kinds, those of all reads together first."""
    lines = [
        f"{len(traffic.reads) / seconds:.1f} reads/s, {len(traffic.saves) / seconds:.1f} saves/s",
        f"{'reads':<18}{Figures.of(traffic.reads)}",
        f"{'saves':<18}{Figures.of(traffic.saves)}",
        *(f"  {kind:<16}{Figures.of(each)}" for kind, each in sorted(traffic.answers.items())),
    ]
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("--readers", type=int, default=Load.readers)
    arguments.add_argument("--editors", type=int, default=Load.editors)
    arguments.add_argument("--seconds", type=float, default=Load.seconds)
    arguments.add_argument("--pause", type=float, default=Load.pause)
    arguments.add_argument("--accounts", type=Path, help="what `tests.load.accounts` wrote")
    given = arguments.parse_args()
    accounts = read_accounts(given.accounts) if given.accounts else []
    load = Load(given.readers, given.editors if accounts else 0, given.seconds, given.pause)
    traffic = asyncio.run(run(Target.of(given.url), load, accounts))
    print(told(traffic, load.seconds))  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
