"""Letters as they are looked for and compared: without accents, in the alphabet of addresses.

The one table of letters that no accent makes. Its twin in the database is `wiki_letters`
(`wiki/sql/called.sql`), whose apostrophes go as well.
"""

import unicodedata
from typing import Final

LETTERS: Final = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th",
        **dict(zip("øØłŁđĐðÐıħĦŧŦ", "oollddddihhtt", strict=True)),
    }
)  # fmt: skip
"""What is written for letters that are none of ours with an accent."""

APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʼ`´"))
"""What words are spelt with and without: for `str.translate`, which takes them out."""


def fold(text: str) -> str:
    """The text without accents; its case and all that is no letter stay.

    Compatible forms become plain ones (ﬁ, ①), as NFKD has it.
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(each for each in apart if not unicodedata.combining(each))
