"""What is generated for a kind can be read, and is what the database has."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from projections.inline import schema
from versioning.entities.kinds import kinds


def printed(*labels: str) -> str:
    out = StringIO()
    call_command("sqlkind", *labels, stdout=out)
    return out.getvalue()


def test_all_that_is_generated_is_printed() -> None:
    text = printed()
    for kind in kinds():
        assert f"-- {kind.label}\n" in text
        for statement in schema.statements_of(kind):
            assert statement.strip().rstrip(";") in text


def test_one_kind_is_printed_alone() -> None:
    text = printed("library.Book")
    assert 'CREATE VIEW past."library_book"' in text
    assert "-- library.author" not in text


def test_what_is_asked_for_a_unique_constraint_is_printed() -> None:
    text = printed("library.Book")
    assert "-- Asked for 'library_book_slug', here of one entity on main: WITH wanted" in text


def test_a_kind_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(CommandError, match=r"no kind library.tome\. .*library.book"):
        printed("library.tome")
