"""The fear: the log is the truth, but nobody can afford to ask it again."""

import time

from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.benchmarks.harness import OURS, Row, Target
from tests.benchmarks.wiki import Size, Wiki, settle

LEAST_EVENTS_A_SECOND = 40_000


def rows(wiki: Wiki, size: Size) -> list[Row]:
    """Everything replayed and compared, once each, at a size where all cores help: seconds."""
    wiki.grow_log(size.log, size.chunk)
    settle()
    began = time.perf_counter()
    rebuilt = rebuild()
    rate = rebuilt.replayed.events / (time.perf_counter() - began)
    assert rebuilt.mended == 0, f"{rebuilt.mended} rows were not what the log says."
    report = audit()
    assert not report.findings, report.findings
    target = Target(f"≥ {LEAST_EVENTS_A_SECOND:,} /s", rate, least=LEAST_EVENTS_A_SECOND)
    return [
        Row(
            f"rebuild, {rebuilt.replayed.events:,} events",
            "/s",
            {OURS: f"{rate:,.0f}"},
            {},
            [target],
        ),
        Row("audit, events", "/s", {OURS: f"{report.replayed.events / report.seconds:,.0f}"}),
    ]
