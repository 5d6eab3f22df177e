"""Whether two names are nearly one: what a person should look at before there are two pages.

Nearly one are names that differ in an article, in words that say what everything of a sort is
("Park", "GmbH"), in blanks, accents and signs, in a letter or two, or of which one is the initials
of the other.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

from wiki.exchange.coasters import namesakes
from wiki.fields.folding import fold


def _words(told: str) -> frozenset[str]:
    return frozenset(told.split())


_ARTICLES: Final = _words("the a an der die das le la les l el los las il lo de het den o os as")
_JOINING: Final = _words("and of und et y e i og och en at du des del della di von van")
_GENERIC: Final = _words("""
    park parks parc parque parco amusement amusements theme leisure fun water world land resort
    resorts adventure adventures family entertainment center centre complex ride rides roller
    coaster coasters company co corporation corp incorporated inc limited ltd llc plc gmbh kg ag ab
    as bv nv sa sas sarl srl spa group international manufacturing industries engineering
    construction systems
""")
_NUMERALS: Final = _words("ii iii iv vi vii viii")

_SHARED: Final = 0.6
"""Of the groups of three letters that either name has, how many both must have."""

_SPELT: Final = 0.85
"""How much of both names must be spelt alike, in order (of 1)."""

_EASIER: Final = 0.1
"""By how much less is enough where all else that is told agrees: a ride at the same park."""

LEAST_SHARED: Final = 0.3
"""What are_alike() can be true of at all, but for equal cores and initials."""


def folded(name: str) -> str:
    """A name without case, accents and punctuation; one of signs alone keeps its signs."""
    plain = namesakes.folded(name)
    kept = "".join(each if each.isalnum() else " " for each in plain)
    return " ".join((kept if kept.strip() else plain).split())


@dataclass(frozen=True)
class Spelling:
    """A name as others are compared with it; `plain` is folded."""

    plain: str

    @cached_property
    def untitled(self) -> str:
        """Without a leading article, where anything is left then."""
        first, _, rest = self.plain.partition(" ")
        return rest if rest and first in _ARTICLES else self.plain

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that tell it from others of its sort; all of them where none does."""
        every = fold(self.plain).split()
        little = _ARTICLES | _JOINING
        telling = [each for each in every if each not in little and each not in _GENERIC]
        return tuple(telling or [each for each in every if each not in little] or every)

    @cached_property
    def core(self) -> str:
        return "".join(self.words)

    @cached_property
    def initials(self) -> str:
        """Of two words and more, but for the little ones; generic ones count ("RMC")."""
        every = [
            each for each in self.plain.split() if each not in _ARTICLES and each not in _JOINING
        ]
        return "".join(each[0] for each in every) if len(every) > 1 else ""

    @cached_property
    def trigrams(self) -> frozenset[str]:
        """Groups of three letters, as PostgreSQL's pg_trgm makes them."""
        padded = (f"  {each} " for each in self.words)
        return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))

    @cached_property
    def figures(self) -> frozenset[str]:
        """What counts namesakes."""
        words = self.plain.split()
        return frozenset(each for each in words if each.isdecimal() or each in _NUMERALS)


def are_alike(one: Spelling, other: Spelling, *, all_else_agrees: bool) -> bool:
    """Whether two names are nearly one; those that count ("Racer 1", "Racer 2") are not."""
    if one.core == other.core:
        return True
    if one.figures and other.figures and one.figures != other.figures:
        return False
    less = _EASIER if all_else_agrees else 0.0
    return (
        shared(one, other) >= _SHARED - less
        or SequenceMatcher(None, one.core, other.core, autojunk=False).ratio() >= _SPELT - less
    )


def shared(one: Spelling, other: Spelling) -> float:
    """The part of the trigrams of both that each has: 0 to 1."""
    both = len(one.trigrams & other.trigrams)
    return both / (len(one.trigrams) + len(other.trigrams) - both)
