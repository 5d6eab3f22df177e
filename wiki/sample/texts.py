"""The sample's texts: who wrote them, and how they grew.

A text is a file (`rides/kingda-ka.md`), whose first line may be its page's name. `texts.toml` says
who worked on it: each of those steps adds some of its paragraphs.
"""

import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from wiki.sample.steps import Edit, PageEdit, Step

HERE = Path(__file__).parent
WRITING = HERE / "texts.toml"


def texts(folder: str) -> Iterator[tuple[str, str]]:
    """The texts of a kind: address and Markdown."""
    for path in sorted((HERE / folder).glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")


def writing() -> Iterator[Step]:
    """The steps by which each text grew."""
    for page, sessions in tomllib.loads(WRITING.read_text(encoding="utf-8")).items():
        name, paragraphs = _parted((HERE / f"{page}.md").read_text(encoding="utf-8"))
        ends = [round(len(paragraphs) * n / len(sessions)) for n in range(len(sessions) + 1)]
        for session, (before, end) in zip(sessions, pairwise(ends), strict=True):
            if before == end:
                raise ValueError(f"{page} has more sessions than paragraphs.")
            body = "\n\n".join(paragraphs[:end]) + "\n"
            edit = Edit([PageEdit(page, name, body)])
            yield Step(session["on"], session["by"], session["why"], edit)


def _parted(text: str) -> tuple[str, list[str]]:
    """A page's name, if its text begins with it, and the paragraphs; headings stay with theirs."""
    name = ""
    if text.startswith("# "):
        title, text = text.split("\n", 1)
        name = title.removeprefix("# ")
    paragraphs: list[str] = []
    for block in text.strip().split("\n\n"):
        if paragraphs and paragraphs[-1].startswith("## ") and "\n" not in paragraphs[-1]:
            paragraphs[-1] += f"\n\n{block}"
        else:
            paragraphs.append(block)
    return name, paragraphs
