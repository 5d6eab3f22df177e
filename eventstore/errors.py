"""What cannot be done, said so that a program can tell it by its code and people know what to do.

Every refusal of the rooms is one of these. A page shows it (`config.errors`) and a command ends
with it (`eventstore.management.refusing`), so whoever calls needs no list of what may be raised.
"""

from typing import ClassVar


class Refusal(Exception):
    """The base of all that is refused; each class gives a code and a status of HTTP.

    The sentence (what is wrong, and where) and the hint (what to do next) are given where it is
    raised, or by the class where they are always the same. Raises TypeError where one is missing.
    """

    code: ClassVar[str]
    """What programs know it by: lower-case words with hyphens, of one class alone."""

    status: ClassVar[int]
    """400 where what was named cannot be, 409 where it cannot be as things stand, 503 where it can
    be later, 500 where the program is wrong that asks for it."""

    sentence: str = ""
    hint: str = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls) or not hasattr(cls, "status"):
            raise TypeError(f"{cls.__name__} needs a code of its own, and a status.")

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        self.sentence = sentence or self.sentence
        self.hint = hint or self.hint
        if not (hasattr(self, "code") and self.sentence and self.hint):
            raise TypeError(f"{type(self).__name__} needs a code, a sentence and a hint.")
        super().__init__(f"{self.sentence} {self.hint}")
