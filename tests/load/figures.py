"""What is told of many requests: how many, how they ended, how long they took."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Self

from tests.load.asking import Answer


@dataclass(frozen=True)
class Figures:
    """Of some requests. Failed ones count as long as they took."""

    count: int
    p50: float
    """In seconds, as are the others."""
    p99: float
    longest: float
    outcomes: Counter[str]
    failures: int

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Self:
        answers = list(answers)
        taken = sorted(each.seconds for each in answers) or [0.0]
        cuts = quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else taken * 99
        return cls(
            len(answers),
            cuts[49],
            cuts[98],
            taken[-1],
            Counter(each.outcome for each in answers),
            sum(not each.is_well for each in answers),
        )

    def __str__(self) -> str:
        ended = ", ".join(f"{outcome}: {count}" for outcome, count in sorted(self.outcomes.items()))
        return (
            f"{self.count:>6}  p50 {self.p50 * 1000:>6.0f} ms  p99 {self.p99 * 1000:>6.0f} ms  "
            f"longest {self.longest * 1000:>6.0f} ms  {ended}"
        )


def seconds_until_well(answers: Sequence[Answer], since: float) -> float:
    """From a moment to the end of the last request that failed after it; 0 where none did."""
    return max((each.ended - since for each in answers if not each.is_well), default=0.0)
