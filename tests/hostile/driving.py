"""What every driver asks of an answer: a status that the entry allows, a page, nothing stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eventstore import reading
from tests.hostile.inputs import entries


def allowed(number: int, answer: Any) -> str:
    """The text of an answer whose status is one of the entry's."""
    expected = entries()[number].expect.status
    assert answer.status_code in expected, (number, answer.status_code, expected)
    return text_of(answer)


def text_of(answer: Any) -> str:
    """What an answer says, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def told(answer: Any) -> str:
    """The text of a refusal, which says what happened and what to do.

    On an error page, or beside the form that was sent.
    """
    text = text_of(answer)
    on_its_own = f'class="status-code">{answer.status_code}' in text
    assert on_its_own or 'role="alert"' in text, text[:2_000]
    return text


@contextmanager
def nothing_stored() -> Iterator[None]:
    """The log ends where it ended."""
    before = reading.last_position()
    yield
    assert reading.last_position() == before
