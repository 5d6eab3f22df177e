"""Clients that hold what they were given: silent, slow to ask, slow to read.

    python -m tests.load.slow_clients http://127.0.0.1:8000 --clients 2000

Tells how long a page takes before they come and while they are there.
"""

import argparse
import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine

from tests.load.asking import Answer, Client, Target
from tests.load.figures import Figures

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Behaviour = Callable[["Target", Stream], Coroutine[None, None, None]]

DRIP_SECONDS = 1.0


async def silent(_target: Target, _stream: Stream) -> None:
    """Connect, and say nothing."""
    await asyncio.Event().wait()


async def slow_head(target: Target, stream: Stream) -> None:
    """Ask, a letter a second."""
    _, writer = stream
    for letter in target.head("GET", "/", "X-Slow: " + "x" * 10_000):
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


async def slow_body(target: Target, stream: Stream) -> None:
    """Send a form, a byte a second."""
    _, writer = stream
    form = "Content-Type: application/x-www-form-urlencoded"
    writer.write(target.head("POST", "/account/login/", form, "Content-Length: 100000"))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS)


async def unfinished_body(target: Target, stream: Stream) -> None:
    """Send half of a form, and nothing more."""
    _, writer = stream
    writer.write(target.head("POST", "/account/login/", "Content-Length: 100000") + b"x" * 500)
    await writer.drain()
    await asyncio.Event().wait()


async def slow_reader(target: Target, stream: Stream) -> None:
    """Ask for much, and read a byte a second."""
    reader, writer = stream
    writer.write(target.head("GET", target.long_path))
    await writer.drain()
    while await reader.read(1):
        await asyncio.sleep(DRIP_SECONDS)


BEHAVIOURS: tuple[Behaviour, ...] = (silent, slow_head, slow_body, unfinished_body, slow_reader)


async def read_pages(target: Target, *, seconds: float, readers: int = 4) -> Figures:
    """Ask for pages, one after the other in each reader, and measure."""
    answers: list[Answer] = []
    end = time.monotonic() + seconds

    async def read() -> None:
        client = Client(target, patience=20)
        while time.monotonic() < end:
            answers.append(await client.get("/"))

    async with asyncio.TaskGroup() as group:
        for _ in range(readers):
            group.create_task(read())
    return Figures.of(answers)


async def hold_up(target: Target, behaviour: Behaviour, number: int) -> None:
    """One slow client, that comes back whenever it is sent away."""
    # Of several addresses, for servers that bound what comes from one.
    local = (f"127.0.{number // 200}.{number % 200 + 1}", 0)
    while True:
        with contextlib.suppress(OSError):
            stream = await asyncio.open_connection(target.host, target.port, local_addr=local)
            try:
                await behaviour(target, stream)
            finally:
                stream[1].close()
        await asyncio.sleep(DRIP_SECONDS)


async def measure(
    target: Target,
    clients: int,
    *,
    seconds: float = 10,
    behaviours: tuple[Behaviour, ...] = BEHAVIOURS,
) -> tuple[Figures, Figures]:
    """Figures before slow clients came, and while they were there."""
    before = await read_pages(target, seconds=seconds)
    async with asyncio.TaskGroup() as group:
        held = [
            group.create_task(hold_up(target, behaviours[n % len(behaviours)], n))
            for n in range(clients)
        ]
        await asyncio.sleep(3)
        meanwhile = await read_pages(target, seconds=seconds)
        for task in held:
            task.cancel()
    return before, meanwhile


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("--clients", type=int, default=2_000)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("--long-path", default="/rides/?format=csv")
    given = arguments.parse_args()
    target = Target.of(given.url, given.long_path)
    before, meanwhile = asyncio.run(measure(target, given.clients, seconds=given.seconds))
    for name, figures in (("before", before), ("meanwhile", meanwhile)):
        print(f"{name:>10}: {figures}")  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
