"""A drill: something of a wiki is hurt while it is read and edited; what readers and writers see.

`kill`, `pause` and `disk` say what is hurt; here it is done, and told.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.load.figures import Figures, seconds_until_well
from tests.load.traffic import Traffic, survey
from tests.load.wiki import Wiki, wiki_in

Hurt = Callable[[Wiki], Coroutine[None, None, None]]
"""Does the harm, and ends when it is over: what was stopped goes on, what was killed is dead."""

QUIET_SECONDS = 3.0
"""A wiki is well when its checks say so, and nobody was refused for so long."""

LONGEST_SECONDS = 120.0
"""Before a wiki that does not recover is given up."""

EDITORS = 2


@dataclass(frozen=True)
class Observation:
    """What one harm did."""

    name: str
    reads: Figures
    """Of the time from the harm's beginning until all was well."""
    saves: Figures
    well_after: float
    """Seconds from the harm's end until everybody was served again and every check was green."""

    def __str__(self) -> str:
        return (
            f"{self.name}: all well {self.well_after:.1f} s later\n"
            f"  reads {self.reads}\n  saves {self.saves}"
        )


@dataclass(frozen=True)
class Drill:
    """All that was observed, and edits that were acknowledged and are not in the log."""

    observations: Mapping[str, Observation]
    acknowledged: int
    lost: frozenset[str]
    verdict: str
    """The audit's."""

    def __str__(self) -> str:
        saves = f"{self.acknowledged} saves were acknowledged, {len(self.lost)} of them are lost."
        return f"{saves}\n{self.verdict.strip()}"


async def drill(
    wiki: Wiki,
    harms: Mapping[str, Hurt],
    *,
    readers: int = 6,
    pause: float = 0.5,
    tell: Callable[[str], None] = lambda _: None,
) -> Drill:
    """Do one harm after the other, each when the wiki has recovered from the one before."""
    accounts = await asyncio.to_thread(wiki.accounts, 8 * EDITORS)
    traffic = Traffic(wiki.target, await survey(wiki.target), accounts)
    seen: dict[str, Observation] = {}
    async with traffic.flowing(readers=readers, editors=EDITORS, pause=pause):
        await asyncio.sleep(QUIET_SECONDS)
        for name, hurt in harms.items():
            seen[name] = await _observe(name, hurt, wiki, traffic)
            tell(str(seen[name]))
    recorded = await asyncio.to_thread(wiki.recorded)
    verdict = await asyncio.to_thread(wiki.audit)
    lost = frozenset(traffic.acknowledged) - recorded
    return Drill(seen, len(traffic.acknowledged), lost, verdict)


async def _observe(name: str, hurt: Hurt, wiki: Wiki, traffic: Traffic) -> Observation:
    begun = time.monotonic()
    await hurt(wiki)
    over = time.monotonic()
    well = await _moment_of_recovery(wiki, traffic, over)
    reads = traffic.of("head", "past", "branch", since=begun)
    saves = traffic.of("save", since=begun)
    return Observation(name, Figures.of(reads), Figures.of(saves), well - over)


async def _moment_of_recovery(wiki: Wiki, traffic: Traffic, over: float) -> float:
    """The last one at which anything was amiss. Raises TimeoutError where there is no end of it."""
    amiss = over
    async with asyncio.timeout(LONGEST_SECONDS):
        while time.monotonic() < amiss + QUIET_SECONDS:
            if not await asyncio.to_thread(wiki.is_well):
                amiss = time.monotonic()
            amiss = max(amiss, over + seconds_until_well(traffic.of("", since=over), over))
            await asyncio.sleep(0.1)
    return amiss


def run_by_hand(harms: Mapping[str, Hurt], *, home: Path | None = None) -> None:
    """What each command does: a wiki of its own, hurt, and told about."""
    # In a folder whose path is short, for sockets.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, wiki_in(home or Path(folder)) as wiki:
        print(asyncio.run(drill(wiki, harms, tell=print)))  # noqa: T201  # what commands are for
