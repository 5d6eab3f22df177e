"""Measure contestants in turn, judge by ratios, and show one table."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

OURS, PLAIN, DJANGO, SIMPLE = "ours", "plain SQL", "Django", "simple-history"
COLUMNS = (OURS, PLAIN, DJANGO, SIMPLE)


@dataclass(frozen=True)
class Timing:
    """How long something took, each time; in seconds."""

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        return sorted(self.seconds)[len(self.seconds) // 2]

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, len(self.seconds) * 99 // 100)]

    def __str__(self) -> str:
        return f"{self.p50 * 1e3:.2f} / {self.p99 * 1e3:.2f}"


@dataclass(frozen=True)
class Target:
    """What a figure may be at most, or must be at least."""

    words: str
    figure: float
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        return (self.most is None or self.figure <= self.most) and (
            self.least is None or self.figure >= self.least
        )

    def __str__(self) -> str:
        mark = "[green]holds[/]" if self.holds else "[red]missed[/]"
        return f"{self.words}: {_short(self.figure)} {mark}"


@dataclass(frozen=True)
class Row:
    """One line of the table: what each contestant took, and what was promised."""

    what: str
    unit: str
    shown: Mapping[str, str]
    ratios: Mapping[str, float] = field(default_factory=dict)
    targets: Sequence[Target] = ()


def in_turn(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    before: Mapping[str, Callable[[], object]] | None = None,
) -> dict[str, Timing]:
    """Run each contestant `rounds` times, a turn each, after some turns to warm up.

    Whoever begins a round changes: what the machine does beside hits all
    alike. `before` is what a contestant prepares for a turn, untimed.
    """
    prepare = before or {}
    names = list(contestants)
    taken: dict[str, list[float]] = {name: [] for name in names}
    warm_up = max(1, rounds // 10)
    gc.collect()
    gc.freeze()
    for turn in range(-warm_up, rounds):
        first = turn % len(names)
        for name in [*names[first:], *names[:first]]:
            if name in prepare:
                prepare[name]()
            began = time.perf_counter()
            contestants[name]()
            if turn >= 0:
                taken[name].append(time.perf_counter() - began)
    gc.unfreeze()
    return {name: Timing(tuple(seconds)) for name, seconds in taken.items()}


def timed_row(what: str, timings: Mapping[str, Timing], targets: Sequence[Target] = ()) -> Row:
    """Milliseconds, p50 and p99, and ours as a multiple of each other's p50."""
    ours = timings[OURS].p50
    return Row(
        what,
        "ms",
        {name: str(timing) for name, timing in timings.items()},
        {name: ours / timing.p50 for name, timing in timings.items() if name != OURS},
        targets,
    )


def rate_row(
    what: str, timings: Mapping[str, Timing], each: int, targets: Sequence[Target] = ()
) -> Row:
    """Things a second; a ratio above 1 means that ours is slower, as in every other row."""
    ours = timings[OURS].p50
    return Row(
        what,
        "/s",
        {name: f"{each / timing.p50:,.0f}" for name, timing in timings.items()},
        {name: ours / timing.p50 for name, timing in timings.items() if name != OURS},
        targets,
    )


def show(rows: Sequence[Row]) -> None:
    """The one table, and how many targets hold."""
    table = Table(title="Ours, and how many times the others' cost that is (p50 / p99)")
    table.add_column("what")
    table.add_column("unit")
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("target: measured")
    for row in rows:
        cells = []
        for name in COLUMNS:
            ratio = f" (×{row.ratios[name]:.2f})" if name in row.ratios else ""
            cells.append(row.shown.get(name, "") + ratio)
        table.add_row(row.what, row.unit, *cells, "\n".join(map(str, row.targets)))
    console = Console(width=190)
    console.print(table)
    targets = [target for row in rows for target in row.targets]
    console.print(f"{sum(t.holds for t in targets)} of {len(targets)} targets hold.")


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"
