"""Processes that answer requests, in lanes of their own: one may be full, and the others not."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from config.serving.names import ACCOUNTS, EDITS, HEALTH, HEAVY, PAGES


@dataclass(frozen=True)
class Lane:
    """Processes of one sort, and how many requests each answers at a time."""

    name: str
    workers: int
    threads: int
    nice: int = 0
    """How far its processes stand back where all want the processor."""

    @property
    def socket(self) -> Path:
        """Where it answers."""
        folder: Path = settings.SERVING_FOLDER
        return folder / f"{self.name}.sock"


def lanes() -> dict[str, Lane]:
    """All of them, by name.

    What is heavy is made by one process, which so knows what each network had of it.
    """
    environment = settings.ENVIRONMENT
    return {
        PAGES: Lane(PAGES, environment.workers, environment.threads),
        HEAVY: Lane(HEAVY, 1, environment.threads, nice=10),
        # However many read: who saves does not stand in their queue.
        EDITS: Lane(EDITS, 1, environment.threads),
        # A password takes 0.1 s of a core and 100 MB to check, by intention.
        ACCOUNTS: Lane(ACCOUNTS, 1, 2),
        HEALTH: Lane(HEALTH, 1, 2),
    }
