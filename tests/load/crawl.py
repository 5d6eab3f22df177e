"""Follow every link from the front page on, breadth first, as a crawler does.

    python -m tests.load.crawl http://127.0.0.1:8000 --most 5000 [--polite]

Tells how addresses were answered, which kinds take longest, and which kinds grow without end: those
of which each address leads to further ones. A polite crawler heeds `robots.txt` and `nofollow`; for
it there must be an end.
"""

import argparse
import asyncio
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from tests.load.asking import Answer, Client, Target, address_of
from tests.load.figures import Figures

GROWING = 0.5
"""New addresses of a kind for each that was read of it lately, above which it grows."""

KNOWN_FEW = 20
"""Addresses of a kind, below which nothing can be said of its growth."""

SERVICES = ("account", "api", "health", "moderation", "reports")
"""Beginnings of addresses whose second part is a word of ours, not the name of a page."""


class Links(HTMLParser):
    """The links of a page, and whether a crawler is asked to follow them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.followed: list[str] = []
        self.nofollow: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in {"a", "link"} and (href := said.get("href")):
            asked_not_to = "nofollow" in (said.get("rel") or "")
            (self.nofollow if asked_not_to else self.followed).append(href)


class Robots:
    """What `robots.txt` closes to everybody, by the rules of RFC 9309 that it uses."""

    def __init__(self, text: str) -> None:
        closed = re.findall(r"^Disallow: *(\S+)", text, re.MULTILINE)
        self._closed = [
            re.compile(".*".join(map(re.escape, each.rstrip("*").split("*")))) for each in closed
        ]

    def may_read(self, address: str) -> bool:
        return not any(each.match(address) for each in self._closed)


def kind_of(address: str) -> str:
    """An address without its particulars: “~/rides/…/history/?before”."""
    parts = urlsplit(address)
    viewpoint, path = "", parts.path
    if found := re.match(r"/([~@])[^/]*(/.*)", path):
        viewpoint, path = found[1], found[2]
    words = path.strip("/").split("/")
    if len(words) > 1 and words[0] not in SERVICES:
        words[1] = "…"
    words = ["N" if each.isdecimal() else each for each in words]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    query = f"?{'&'.join(names)}" if names else ""
    return f"{viewpoint}/{'/'.join(words)}{query}"


@dataclass
class Crawl:
    """What is known of a site so far, and what is read next."""

    origin: str
    """The site's scheme and host: what is elsewhere is not read."""
    robots: Robots
    is_polite: bool
    waiting: deque[str] = field(default_factory=lambda: deque(["/"]))
    depth_of: dict[str, int] = field(default_factory=lambda: {"/": 0})
    """Of every address that was met: how many links it is from the front page."""
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    """Of each kind, but for their texts."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Addresses that were answered by 5xx, or by nobody; and the answer."""
    closed: Counter[str] = field(default_factory=Counter)
    """Of each kind, links that a polite crawler does not follow."""
    _lately: dict[str, deque[int]] = field(default_factory=dict)
    """For the last addresses read of each kind: new ones of that kind that each led to."""

    def note(self, address: str, answer: Answer) -> None:
        """Learn from an answer, and queue what it leads to."""
        kind = kind_of(address)
        self.answers[kind].append(Answer(answer.begun, answer.seconds, answer.outcome))
        if not answer.outcome.startswith(("2", "3", "4")):
            self.failures.append((address, answer.outcome))
        led_to = [each for each in self._leads(address, answer) if self._is_new(address, each)]
        lately = self._lately.setdefault(kind, deque(maxlen=KNOWN_FEW))
        lately.append(sum(kind_of(each) == kind for each in led_to))

    def growing(self) -> dict[str, float]:
        """Kinds that grow, and by how many new addresses for each that is read."""
        rates = {
            kind: sum(led) / len(led) for kind, led in self._lately.items() if len(led) == KNOWN_FEW
        }
        return {kind: rate for kind, rate in rates.items() if rate > GROWING}

    def _leads(self, address: str, answer: Answer) -> Iterator[str]:
        links = Links(answer.text)
        followed = [*links.followed, *filter(None, [answer.headers.get("Location")])]
        for is_open, hrefs in ((True, followed), (False, links.nofollow)):
            for href in hrefs:
                met = self._within(address, href)
                if met is None:
                    continue
                if is_open and self.robots.may_read(met):
                    yield met
                else:
                    self.closed[kind_of(met)] += 1
                    if not self.is_polite:
                        yield met

    def _within(self, address: str, href: str) -> str | None:
        """The address that a link leads to, if it is of this site; static files are none."""
        there, _ = urldefrag(urljoin(self.origin + address, href))
        met = there.removeprefix(self.origin)
        return None if met == there or met.startswith("/static/") else met or "/"

    def _is_new(self, address: str, met: str) -> bool:
        if met in self.depth_of:
            return False
        self.depth_of[met] = self.depth_of[address] + 1
        self.waiting.append(met)
        return True


async def crawl(target: Target, *, most: int, at_once: int = 4, is_polite: bool = False) -> Crawl:
    """Read so many addresses at most, from many networks: what is heavy is rationed to each."""
    robots = await Client(target).get("/robots.txt")
    site = Crawl(f"http://{target.host}:{target.port}", Robots(robots.text), is_polite)

    async def read(address: str, number: int) -> None:
        site.note(address, await Client(target, address_of(number)).get(address))

    read_so_far = 0
    while site.waiting and read_so_far < most:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(at_once, len(site.waiting), most - read_so_far)):
                group.create_task(read(site.waiting.popleft(), read_so_far))
                read_so_far += 1
    return site


def told(site: Crawl) -> str:
    answers = [each for of_kind in site.answers.values() for each in of_kind]
    met = Counter(map(kind_of, site.depth_of))
    slowest = sorted(site.answers.items(), key=lambda item: -Figures.of(item[1]).p50)[:10]
    return "\n".join([
        f"{len(answers)} addresses read, {len(site.depth_of)} met, {len(site.waiting)} left",
        f"{Figures.of(answers)}",
        *(f"failed: {address} ({outcome})" for address, outcome in site.failures),
        "the kinds with most addresses:",
        *(f"  {kind:<40}{many:>6}" for kind, many in met.most_common(15)),
        "the slowest kinds:",
        *(f"  {kind:<40}{Figures.of(of_kind)}" for kind, of_kind in slowest),
        "growing kinds, by how many new addresses each one leads to:",
        *(
            f"  {kind:<40}{rate:6.1f}  {'closed to' if site.closed[kind] else 'open to'} the polite"
            for kind, rate in sorted(site.growing().items())
        ),
    ])  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("--most", type=int, default=5_000)
    arguments.add_argument("--at-once", type=int, default=4)
    arguments.add_argument("--polite", action="store_true")
    given = arguments.parse_args()
    target = Target.of(given.url)
    site = asyncio.run(
        crawl(target, most=given.most, at_once=given.at_once, is_polite=given.polite)
    )
    print(told(site))  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
