"""Names of companies, people, parks and models, brought to one spelling where that is certain.

Successors keep names of their own (Arrow Development is not Arrow Dynamics); a new name or
legal form of the same firm does not make a second one.
"""

import re
from typing import Final

from versioning.fields.quantities import tidy

LONGEST: Final = 200

_SAME: Final = {
    "Bolliger & Mabillard": ["B&M", "Bolliger and Mabillard", "Bolliger & Mabillard Consulting"],
    "S&S – Sansei Technologies": ["S&S - Sansei Technologies", "S&S Worldwide", "S&S"],
    "Ingenieurbüro Stengel": [
        "Ing.-Büro Stengel GmbH", "Ingenieur Büro Stengel GmbH", "Ingenieur Buro Stengel GmbH",
        "Ingenieurbüro Stengel GmbH", "Stengel Engineering",
    ],
    "Maurer AG": ["Maurer Söhne", "Maurer Rides"],
    "Mack Rides": ["Mack Rides GmbH & Co KG", "Mack Rides GmbH & Co. KG"],
    "Chance Rides": ["Chance Manufacturing"],
    "Pinfari": ["F.lli Pinfari S.r.l"],
    "Lagoon Corporation": ["Lagoon"],
    "Taft Broadcasting Company": ["Taft Broadcasting"],
    "Allan Herschell Company": ["The Allan Herschell Company"],
    "The Gravity Group": ["Gravity Group", "The Gravity Group, LLC"],
    "Custom Coasters International": ["Custom Coasters, Inc."],
    "Skyline Design": ["Skyline Design LLC", "Skyline Design, LLC"],
    "Setpoint USA": ["Setpoint Inc."],
    "Prior and Church": ["Prior & Church"],
    "LaMarcus Adna Thompson": ["LaMarcus Thompson"],
    "Frederick Church": ["Fred Church", "Fredrick Church"],
    "Charles Paige": ["Charlie Paige"],
    "Herbert Paul Schmeck": ["Herbert Schmeck"],
    "John C. Allen": ["John Allen"],
    "William Cobb": ["Bill Cobb"],
    "Harry G. Traver": ["Harry G Traver"],
    "Edward A. Vettel": ["Ed Vettel"],
}  # fmt: skip
_SPELLINGS: Final = {spelling.casefold(): name for name, all_ in _SAME.items() for spelling in all_}

# What looks like a list and is one name.
_ONE_NAME: Final = (
    "Bolliger & Mabillard", "Bolliger and Mabillard", "Prior and Church", "Bradley and Kaye",
    "Martin & Vleminckx", "Preston & Barbieri", "Molina & Sons", "L&T Systems", "E&F Miler",
    "William Cobb & Associates", "Michael Black and Associates", "B.A. Schiff & Associates",
    "Mack Rides GmbH & Co. KG", "Mack Rides GmbH & Co KG", "SeaWorld Parks & Entertainment",
)  # fmt: skip
_FIRM: Final = re.compile(r",\s*(?=(?:Inc|Ltd|LLC|GmbH|AG|Co)\b)")
_GLUED: Final = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z.])|\]\]")
_PARTED: Final = re.compile(r"\s*(?:;|/|,\s*and\s|,|\s&\s|\sand\s)\s*")
_STORY: Final = re.compile(r"\bled by\b|\bfrom\b|[\"“]")
_YEAR: Final = re.compile(r"[0-9]{4}")
_BRACKETS: Final = re.compile(r"\s*\([^()]*\)")
_KEEP: Final = {" & ": "\x01", " and ": "\x02", ", ": "\x03"}

_PARKS: Final = {
    "Thorpe Park Resort": "Thorpe Park",
    "Kennywood Park": "Kennywood",
    "Europa Park": "Europa-Park",
    "Six Flags México": "Six Flags Mexico",
    "Fårup Sommarland": "Fårup Sommerland",
    "Busch Gardens Tampa": "Busch Gardens Tampa Bay",
    "Drayton Manor": "Drayton Manor Theme Park",
    "Flamingo Land Resort": "Flamingo Land",
    "Heide Park Resort": "Heide Park",
    "Lagoon": "Lagoon Amusement Park",
    "Adlabs Imagica": "Imagicaa",
    "Crystal Beach": "Crystal Beach Park",
    "Holiday Park, Germany": "Holiday Park",
    "Fantasy Island (UK amusement park)": "Fantasy Island",
    "Clementon Park": "Clementon Amusement Park",
}

_MODELS: Final = {
    "4d free spin": "4D Free Spin", "bigdipper": "Big Dipper", "eurofighter": "Euro-Fighter",
    "hyper coaster": "Hyper Coaster", "hypercoaster": "Hyper Coaster", "ibox track": "I-Box",
    "i-box track": "I-Box", "infinity coaster": "Infinity Coaster", "silverarrow": "Silver Arrow",
    "slc (689m standard)": "Suspended Looping Coaster (689m Standard)",
    "suspended family coaster 342m": "Suspended Family Coaster (342m)",
    "ultratwister": "Ultra Twister", "motocoaster": "MotoCoaster", "wild maus": "Wilde Maus",
    "wilde maus classic": "Wilde Maus", "floorless roller coaster": "Floorless Coaster",
    "floorless": "Floorless Coaster", "inverted coaster (batman)": "Inverted Coaster – Batman",
    "inverted coaster / batman": "Inverted Coaster – Batman", "tivoli – large": "Large Tivoli",
}  # fmt: skip
# Words for a sort of coaster, which name no model of any maker.
_NO_MODEL: Final = re.compile(
    r"(?:custom|wood(?:en)?|steel|racing|twister|powered|terrain|family|out and back|out-and-back"
    r"|sit ?down|looping|shuttle|launched|stand-up|indoor"
    r"|figure eight|mountain)*(?: |-)*(?:custom|design|frame|roller coaster|coaster)?",
    re.IGNORECASE,
)
_CUSTOM: Final = re.compile(r"\s*(?:[-–/]\s*custom|\(custom\))$", re.IGNORECASE)


def companies(text: str) -> tuple[list[str], str]:
    """The names in a cell, in their order, and what was left out of it.

    Raises ValueError where the cell tells a story instead.
    """
    plain = tidy(text)
    if _STORY.search(plain):
        raise ValueError("says more than names")
    found: list[str] = []
    left_out = [each.strip() for each in _BRACKETS.findall(plain)]
    for name in _parts(_BRACKETS.sub("; ", plain)):
        if _YEAR.fullmatch(name):
            left_out.append(name)
        else:
            found.append(_company(name))
    if any(len(name) > LONGEST or not name.isprintable() for name in found):
        raise ValueError("is too long for a name, or cannot be shown")
    note = f"also says {', '.join(left_out)}" if left_out else ""
    return list(dict.fromkeys(found)), note


def _parts(text: str) -> list[str]:
    text = _FIRM.sub("\x03", text)
    for name in _ONE_NAME:
        if name in text:
            kept = name
            for joint, sign in _KEEP.items():
                kept = kept.replace(joint, sign)
            text = text.replace(name, kept)
    parts = [each for glued in _GLUED.split(text) for each in _PARTED.split(glued)]
    for joint, sign in _KEEP.items():
        parts = [part.replace(sign, joint) for part in parts]
    return [part.strip() for part in parts if part.strip()]


_FIRMS_WORDS: Final = re.compile(
    r"\b(?:inc|llc|ltd|gmbh|ag|co|company|corporation|corp|group|coasters?|rides?|engineer(?:ing|s)?"
    r"|ingenieur\w*|designs?|associates|enterprises|systems?|disney|imagineering|parks?|creative"
    r"|entertainment|studios?|manufacturing|international|technolog\w+|industries|amusements?"
    r"|construction|attractions?|universal|toboggan|dynamics|development|works|leisure|und|and)\b"
    r"|&|\d",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(r"(?:[A-ZÀ-Ž][\w.’'-]*)(?: (?:[A-ZÀ-Ž][\w.’'-]*|de|van|von|der)){1,3}")


def is_person(name: str) -> bool:
    """Whether a designer's name reads like a person's: two words or more, and no firm's."""
    return bool(_PERSON.fullmatch(name)) and not _FIRMS_WORDS.search(name)


def _company(name: str) -> str:
    return _SPELLINGS.get(name.casefold(), name)


def park(text: str) -> str | None:
    """The park that a cell names; None for "Other". Raises ValueError for an address."""
    plain = tidy(text)
    if plain.casefold() == "other" or not plain:
        return None
    if is_address(plain):
        raise ValueError("is an address, not a park")
    if len(plain) > LONGEST or not plain.isprintable():
        raise ValueError("is too long for a name, or cannot be shown")
    return _PARKS.get(plain, plain)


def is_park(text: str, name: str) -> bool:
    """Whether a text is one of the spellings of a park's name."""
    return _PARKS.get(tidy(text), tidy(text)) == name


def is_address(text: str) -> bool:
    """Whether a location is a street or a town: several commas, or a number before one."""
    return text.count(",") >= 2 or bool(re.match(r"\d+\w*\s.*,", text))


def model(text: str) -> tuple[str | None, str]:
    """The model that a cell names; None and a note where it only says what sort it is of."""
    plain = _CUSTOM.sub("", tidy(text)).replace(" - ", " – ")
    if len(plain) > LONGEST or not plain.isprintable():
        raise ValueError("is too long for a name, or cannot be shown")
    if _NO_MODEL.fullmatch(plain):
        return None, "names a sort of coaster, not a model"
    return _MODELS.get(plain.casefold(), plain), ""
