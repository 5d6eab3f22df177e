"""The fear: the log is the truth, but nobody can afford to ask it again."""

import statistics
import time

from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.benchmarks.harness import OURS, Row, Target
from tests.benchmarks.wiki import Size, Wiki, settle

LEAST_EVENTS_A_SECOND = 40_000

REBUILDS = 3
"""Of which the one in the middle counts, as of all that is measured often."""


def rows(wiki: Wiki, size: Size) -> list[Row]:
    """Everything replayed and compared, at a size where all cores help: seconds."""
    wiki.grow_log(size.log, size.chunk)
    settle()
    rate = statistics.median(_rebuilt_a_second() for _ in range(REBUILDS))
    report = audit()
    assert not report.findings, report.findings
    target = Target(f"≥ {LEAST_EVENTS_A_SECOND:,} /s", rate, least=LEAST_EVENTS_A_SECOND)
    return [
        Row(
            f"rebuild, {report.replayed.events:,} events, {REBUILDS} times",
            "/s",
            {OURS: f"{rate:,.0f}"},
            {},
            [target],
        ),
        Row("audit, events", "/s", {OURS: f"{report.replayed.events / report.seconds:,.0f}"}),
    ]


def _rebuilt_a_second() -> float:
    """Events, in one rebuild of everything."""
    began = time.perf_counter()
    rebuilt = rebuild()
    seconds = time.perf_counter() - began
    assert rebuilt.mended == 0, f"{rebuilt.mended} rows were not what the log says."
    return rebuilt.replayed.events / seconds
