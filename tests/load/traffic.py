"""Readers and editors of a wiki, for as long as a drill lasts; everything that they were told."""

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from tests.load.accounts import Account
from tests.load.asking import Answer, Client, Target, address_of
from tests.load.forms import Form

SAVES_OF_ONE_ACCOUNT = 50
"""Somewhat fewer than an account may do in ten minutes; the next one goes on."""

PAUSE_SECONDS = 0.1
"""Before who failed tries again: a machine that is refused would ask a thousand times a second."""

VIEWPOINTS = {"head": 70, "past": 15, "branch": 15}
KINDS = {"page": 60, "list": 15, "front": 10, "history": 5, "search": 5, "overview": 5}
"""Of a hundred readings, about so many are of each."""

OVERVIEWS = ("map/", "statistics/", "on-this-day/", "changes/", "branches/")
WORDS = ("falcon", "steel", "wooden coaster", "germany", "dragon", "1994")


@dataclass(frozen=True)
class Site:
    """What there is to read: addresses of pages, a position of the past, a branch."""

    pages: tuple[str, ...]
    lists: tuple[str, ...]
    position: int
    branch: str

    def choose(self, chance: random.Random) -> tuple[str, str]:
        """A kind of reading (“past list”), and an address of it."""
        (viewpoint,) = chance.choices(list(VIEWPOINTS), list(VIEWPOINTS.values()))
        (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
        prefix = {"head": "/", "past": f"/@p{self.position}/", "branch": f"/~{self.branch}/"}
        page = chance.choice(self.pages)
        path = {
            "page": page,
            "list": chance.choice(self.lists),
            "front": "",
            "history": f"{page}history/",
            "search": f"search/?q={chance.choice(WORDS).replace(' ', '+')}",
            "overview": chance.choice(OVERVIEWS),
        }
        return f"{viewpoint} {kind}", prefix[viewpoint] + path[kind]


async def survey(target: Target) -> Site:
    """Look around, as a reader without any rights may."""
    client = Client(target)
    pages: list[str] = []
    for section in _locations((await client.get("/sitemap.xml")).text):
        pages += _locations((await client.get("/" + section)).text)
    metrics = await client.get("/metrics")
    position = re.search(r"log_position (\d+)", metrics.text)
    branches = re.findall(r'href="/branches/([a-z0-9-]+)/"', (await client.get("/branches/")).text)
    assert position is not None, f"the wiki tells no position of its log: {metrics}"
    return Site(
        tuple(each for each in pages if each.count("/") == 2),
        tuple(each for each in pages if each.count("/") == 1),
        int(position[1]),
        branches[0],
    )


def _locations(sitemap: str) -> list[str]:
    return [urlsplit(each).path[1:] for each in re.findall(r"<loc>([^<]+)</loc>", sitemap)]


@dataclass
class Traffic:
    """Readers and editors, and what became of their requests."""

    target: Target
    site: Site
    accounts: Sequence[Account] = ()
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    """Of each kind of request, but for their texts."""
    acknowledged: list[str] = field(default_factory=list)
    """Summaries of edits that the server said it had saved."""
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def flowing(self, *, readers: int, editors: int, pause: float) -> AsyncIterator[None]:
        """While the block runs, once editors are signed in; requests under way are waited for.

        Editors pause between a save and the next form.
        """
        shares = [self.accounts[n::editors] for n in range(editors)]
        browsers = [await self._signed_in(share[0]) for share in shares]
        async with asyncio.TaskGroup() as group:
            for number in range(readers):
                group.create_task(self._read(random.Random(number), address_of(number)))
            for number, (share, browser) in enumerate(zip(shares, browsers, strict=True)):
                chance = random.Random(-1 - number)
                group.create_task(self._edit(chance, browser, share[1:], pause))
            try:
                yield
            finally:
                self._is_over.set()

    def of(self, *words: str, since: float = 0.0) -> list[Answer]:
        """Answers of the kinds that begin with one of these words, as far as they came later."""
        return [
            answer
            for kind, answers in self.answers.items()
            for answer in answers
            if kind.startswith(words) and answer.ended >= since
        ]

    @property
    def reads(self) -> list[Answer]:
        return self.of(*VIEWPOINTS)

    @property
    def saves(self) -> list[Answer]:
        return self.of("save")

    async def _read(self, chance: random.Random, address: str) -> None:
        client = Client(self.target, address)
        while not self._is_over.is_set():
            kind, path = self.site.choose(chance)
            await self._note(kind, await client.get(path))

    async def _edit(
        self, chance: random.Random, editor: Client, further: Sequence[Account], pause: float
    ) -> None:
        """As one account, and when that has saved enough as the next, until there is none."""
        for _ in range(SAVES_OF_ONE_ACCOUNT):
            if self._is_over.is_set():
                return
            await self._save_a_page(editor, chance)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), pause)
        if further:
            await self._edit(chance, await self._signed_in(further[0]), further[1:], pause)

    async def _signed_in(self, account: Account) -> Client:
        """A browser of the account's, from a network of its own."""
        client = Client(self.target, address_of(1_000 + self.accounts.index(account)))
        while not self._is_over.is_set():
            opened = await client.get("/account/login/")
            if opened.is_well:
                who = {"login": account.name, "password": account.password}
                answer = await client.post("/account/login/", Form(opened.text).fields | who)
                await self._note("sign-in", answer)
                if answer.outcome == "302":
                    break
        return client

    async def _save_a_page(self, editor: Client, chance: random.Random) -> None:
        """Open a form, change its text, and send it; one in four on the branch."""
        prefix = chance.choice(["/", "/", "/", f"/~{self.site.branch}/"])
        path = f"{prefix}{chance.choice(self.site.pages)}edit/"
        opened = await editor.get(path)
        await self._note("form", opened)
        if opened.outcome != "200":
            return
        mark = uuid4().hex
        form = Form(opened.text).fields
        form |= {"body": f"{form.get('body', '')}\n\nSeen {mark}.", "summary": mark}
        answer = await editor.post(path, form)
        if answer.outcome == "302":
            self.acknowledged.append(mark)
        await self._note("save" if answer.outcome != "200" else "save refused", answer)

    async def _note(self, kind: str, answer: Answer) -> None:
        light = Answer(answer.begun, answer.seconds, answer.outcome, answer.headers)
        self.answers.setdefault(kind, []).append(light)
        if not answer.is_well:
            await asyncio.sleep(PAUSE_SECONDS)
