"""What tests of `import_git` do with odd repositories, and what they look at."""

from collections.abc import Mapping

import pytest
from django.core.management import CommandError, call_command

from eventstore import reading
from tests.hostile.repositories import OddRepository
from wiki.models import Article


def alone(
    odd: OddRepository, files: Mapping[bytes | str, bytes], date: str = "1767225600 +0000"
) -> str:
    """One commit of some files, as HEAD."""
    commit = odd.commit(odd.files(files), date=date)
    odd.point("refs/heads/main", commit)
    return commit


def line_of(head: str) -> str:
    """The branch that a line of first parents became, by its youngest commit."""
    return f"git-{head[:12]}"


def pages() -> dict[str, str]:
    return dict(Article.objects.values_list("name", "body"))


def assert_refused(odd: OddRepository, sentence: str) -> None:
    before = reading.last_position()
    with pytest.raises(CommandError, match=sentence):
        call_command("import_git", str(odd.folder), path="*")
    assert reading.last_position() == before
