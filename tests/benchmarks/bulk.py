"""The fear: an import of thousands takes for ever."""

from tests.benchmarks.contestants import plain
from tests.benchmarks.harness import DJANGO, OURS, PLAIN, SIMPLE, Row, Target, in_turn, rate_row
from tests.benchmarks.wiki import Size, Wiki, edit_ours, edit_simple


def creation(wiki: Wiki, size: Size) -> Row:
    """Grows the wiki while it measures; warm-up included, all tables grow alike."""
    chunk = size.chunk
    rounds = (size.large - len(wiki.ours)) // chunk
    timings = in_turn(
        {
            OURS: lambda: wiki.create_ours(chunk),
            PLAIN: lambda: wiki.create_plain(chunk),
            DJANGO: lambda: wiki.create_bare(chunk),
            SIMPLE: lambda: wiki.create_simple(chunk),
        },
        max(1, rounds * 10 // 11),
    )
    faster = timings[SIMPLE].p50 / timings[OURS].p50
    target = Target("≥ 1 × simple-history's rate", faster, least=1)
    return rate_row("bulk creation, entities", timings, chunk, [target])


def editing(wiki: Wiki, size: Size) -> Row:
    chunk = size.chunk
    timings = in_turn(
        {
            OURS: lambda: edit_ours(wiki.ours[:chunk], wiki.fresh_height()),
            PLAIN: lambda: plain.edit_many(wiki.plain[:chunk], [wiki.fresh_height()] * chunk),
            SIMPLE: lambda: edit_simple(wiki.simple[:chunk], wiki.fresh_height()),
        },
        size.edit_rounds * 2,
    )
    return rate_row("bulk edit, entities", timings, chunk)
