"""Whatever an import brought in, the export of it comes into an empty wiki, and is the same."""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.hostile.repositories import OddRepository
from tests.wiki.exchange.test_round_trip import everything
from tests.wiki.exchange.values import odd_texts, texts
from wiki.exchange.exporting import export
from wiki.exchange.formats import FORMATS
from wiki.exchange.git.loading import import_git
from wiki.exchange.importing import import_export
from wiki.models import Article

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ODD_NAMES = [
    "ß", "雪国列車", "Ærø’s", "new", "options", "README", "readme", "Readme", "a b", "a-b", "a--b",
    "-", "--", "...", "%", "%s", "é", "e\u0301", "\u202eabc", "\u200b", "\t", "\n", "\r", "\u2028",
    " ", "=1+1", "+1", "@x", "'x", '"', ",", ";", "\\", "<b>", "🎢", "\ufeff", "\x1b[31m", "null",
    "1984", "a" * 99 + " and more", "a" * 99 + "-", "b" * 119 + "ß", "ß" * 60, "字" * 80, "c" * 300,
]  # fmt: skip

names = (
    st.lists(st.sampled_from(ODD_NAMES) | st.text(max_size=4), min_size=1, max_size=3)
    .map("".join)
    .map(lambda name: name.encode("utf-8", "ignore").decode().replace("\0", "").replace("/", "|"))
)
paths = st.builds(
    lambda folders, name: "/".join([*(f"d{each}" for each in folders), f"{name}.md"]),
    st.lists(names, max_size=2),
    names,
)
bodies = odd_texts | texts | st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def assert_comes_back(bring_in: Callable[[], object]) -> None:
    """Import, export, and import that into a wiki that is empty again; in every format."""
    with tempfile.TemporaryDirectory() as folder:
        with transaction.atomic():
            bring_in()
            before = everything()
            for name in FORMATS:
                export(Path(folder, name), name)
            transaction.set_rollback(True)
        assert not any(everything().values())
        assert any(before.values())
        for name in FORMATS:
            with transaction.atomic():
                import_export(Path(folder, name))
                assert everything() == before
                transaction.set_rollback(True)


@settings(max_examples=20)
@given(
    histories=st.lists(
        st.lists(st.dictionaries(paths, bodies, min_size=1, max_size=4), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    )
)
# A path that was cut right behind a sign made an address that no import takes.
@example(histories=[[{"a" * 99 + " and more.md": "text\n"}]])
@example(histories=[[{"README.md": "1"}], [{"README.md": "2"}], [{"README.md": "3"}]])
@example(histories=[[{"ß.md": "1", "雪国列車.md": "2", "new": "3", "x/new": "4"}]])
def test_what_git_brought_in(histories: list[list[dict[str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:

        def bring_in() -> None:
            Article.objects.create(slug="a-md", name="Was here before")
            for number, history in enumerate(histories):
                odd = OddRepository.begin(Path(folder, f"{number}"))
                parents: list[str] = []
                for files in history:
                    tree = odd.files({path: body.encode() for path, body in files.items()})
                    parents = [odd.commit(tree, parents, message=b"%d" % number)]
                odd.point("refs/heads/main", parents[0])
                import_git(odd.folder, glob="*")

        assert_comes_back(bring_in)


MAPPING = """
kind = "rides"
name = "Name"
[fields]
park = "Park"
manufacturer = "Maker"
body = "Text"
theme = "Theme"
opened = "Opened"
[match]
by = ["park"]
"""

rows = st.lists(
    st.tuples(names, names, names, bodies, names, st.sampled_from(["", "1999", "ß", "1999-05~"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20)
@given(rows=rows)
@example(rows=[("a" * 99 + " and more", "ß", "雪国列車", "'=x", "-1", "1999")])
def test_what_a_table_brought_in(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table, mapping = Path(folder, "table.csv"), Path(folder, "mapping.toml")
        mapping.write_text(MAPPING)
        with table.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(
                [("Name", "Park", "Maker", "Text", "Theme", "Opened"), *rows, ("Last", *[""] * 5)]
            )
        assert_comes_back(
            lambda: call_command("import_csv", str(table), mapping=mapping, verbosity=0)
        )


@settings(max_examples=20)
@given(rows=rows)
@example(rows=[("a" * 99 + " and more", "ß", "雪国列車", "'=x", "-1", "1999")])
def test_what_a_table_of_coasters_brought_in(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "table.csv")
        heading = (
            "coaster_name", "Location", "Manufacturer", "Park section", "Theme", "year_introduced"
        )  # fmt: skip
        with table.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([heading, *rows, ("Last", *[""] * 5)])
        assert_comes_back(lambda: call_command("import_coasters", str(table), verbosity=0))
