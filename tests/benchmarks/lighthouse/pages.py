"""Which pages Lighthouse looks at, and what is aimed at."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from tests.benchmarks.harness import OURS, Row, Target
from tests.benchmarks.lighthouse.measuring import CannotMeasure, Lighthouse
from tests.benchmarks.lighthouse.serving import served_sample

PAGES = {
    "the front page": "/",
    "a list": "/rides/",
    "a ride": "/rides/kingda-ka/",
    "a ride, past": "/@2023-06-01/rides/kingda-ka/",
    "a ride, branch": "/~height-survey/rides/kingda-ka/",
    "a ride, preview": "/~main+height-survey/rides/fury-325/",
    "a ride, edit": "/rides/kingda-ka/edit/",
    "a park": "/parks/alton-towers/",
    "an article": "/articles/what-this-is/",
    "a search": "/search/?q=nemesis",
    "the map": "/map/",
    "a history": "/rides/kingda-ka/history/",
    "recent changes": "/changes/",
    "a branch": "/branches/height-survey/",
}

AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}


def rows(only: Sequence[str] | None = None) -> Iterator[Row]:
    """A row for each page: its four scores, and by how much the worst of them misses its aim."""
    try:
        lighthouse = Lighthouse.installed()
    except CannotMeasure as reason:
        Console(stderr=True).print(f"Pages are not measured in a browser: {reason}")
        return
    with served_sample() as wiki:
        for name, path in PAGES.items():
            if not only or name in only:
                scores = lighthouse.scores(wiki.url + path, wiki.cookie, list(AIMS))
                yield _row(name, scores)


def _row(name: str, scores: dict[str, int]) -> Row:
    missing = max(aim - scores[category] for category, aim in AIMS.items())
    aimed = "/".join(map(str, AIMS.values()))
    target = Target(f"points below {aimed}", max(missing, 0), most=0)
    shown = " / ".join(str(scores[category]) for category in AIMS)
    return Row(f"{name}, on a phone", "points", {OURS: shown}, targets=[target])
