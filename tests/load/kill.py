"""kill -9 of every process of a wiki in turn, while it is read and edited.

    python -m tests.load.kill [worker heavy edits accounts health follower front valkey postgres]

In a wiki of its own. Nothing that was acknowledged may be lost, and each is back by itself.
"""

import argparse
from collections.abc import Callable

import psutil

from tests.load.drills import Hurt, run_by_hand
from tests.load.wiki import Wiki

Processes = Callable[[Wiki], list[psutil.Process]]

VICTIMS: dict[str, Processes] = {
    "worker": lambda wiki: wiki.children("serve", "pages")[-1:],
    "pages": lambda wiki: wiki.children("serve", "pages"),
    "heavy": lambda wiki: wiki.children("serve", "heavy"),
    "edits": lambda wiki: wiki.children("serve", "edits"),
    "accounts": lambda wiki: wiki.children("serve", "accounts"),
    "health": lambda wiki: wiki.children("serve", "health"),
    "follower": lambda wiki: wiki.children("follow"),
    "front": lambda wiki: wiki.children("run", "--config"),
    "valkey": Wiki.valkey,
    "postgres": lambda wiki: wiki.postgres()[:1],
    "a backend": lambda wiki: wiki.postgres()[-1:],
}
"""Of PostgreSQL, its main process; or one that serves a connection, for which all others end."""


def killing(name: str) -> Hurt:
    async def kill(wiki: Wiki) -> None:
        victims = VICTIMS[name](wiki)
        assert victims, f"there is no {name} to kill"
        for victim in victims:
            victim.kill()

    return kill


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("victims", nargs="*", metavar="victim", help=", ".join(VICTIMS))
    chosen = arguments.parse_args().victims or list(VICTIMS)
    run_by_hand({name: killing(name) for name in chosen})


if __name__ == "__main__":
    main()
