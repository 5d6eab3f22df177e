"""What was once stored is read for ever: a frozen sample of every version of every event.

A sample is never changed. An event that gets another schema version gets a new
file, `TOPIC.VERSION.json`, with samples as that version stores them; the old
file's `reads` alone follows, for it says what today's code makes of them.
"""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from eventstore.events import Event, event_types
from eventstore.mapper import SCHEMA_VERSION_KEY, to_event, to_state

FROZEN = Path(__file__).parent / "frozen"

TYPES = {
    topic: event_type
    for topic, event_type in sorted(event_types().items())
    if not event_type.__module__.startswith("tests.")
}
STORED = [
    (topic, version)
    for topic, event_type in TYPES.items()
    for version in range(1, event_type.schema_version + 1)
]


def samples(topic: str, version: int) -> list[dict[str, Any]]:
    path = FROZEN / f"{topic}.{version}.json"
    assert path.exists(), (
        f"{topic} has no samples of its schema version {version}. "
        f"Store such events as they are written now in {path.relative_to(Path.cwd())}."
    )
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def read(topic: str, sample: dict[str, Any]) -> Event:
    state = json.dumps(sample["state"]).encode()
    return to_event(UUID(sample["stream_id"]), sample["version"], topic, state)


@pytest.mark.parametrize(("topic", "version"), STORED)
def test_every_stored_version_reads_as_it_did(topic: str, version: int) -> None:
    for sample in samples(topic, version):
        assert sample["state"].get(SCHEMA_VERSION_KEY, 1) == version, sample["says"]
        event = read(topic, sample)
        place = {"stream_id": sample["stream_id"], "version": sample["version"]}
        # What was added to the type since has its default.
        assert event == type(event).model_validate(sample["reads"] | place), sample["says"]
        assert event.model_dump(mode="json").keys() >= sample["reads"].keys()


@pytest.mark.parametrize(
    ("topic", "version"),
    [(topic, event_type.schema_version) for topic, event_type in TYPES.items()],
)
def test_todays_version_is_written_as_frozen(topic: str, version: int) -> None:
    for sample in samples(topic, version):
        assert json.loads(to_state(read(topic, sample))) == sample["state"], sample["says"]


def test_no_sample_is_of_an_event_that_is_not_known() -> None:
    named = {tuple(path.stem.rsplit(".", 1)) for path in FROZEN.glob("*.json")}
    assert named == {(topic, str(version)) for topic, version in STORED}
