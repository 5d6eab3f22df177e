"""The catalogue of situations (tests/fixtures/merge_cases.json), as far as it is about merging."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[2] / "fixtures"
SHARED = Path(__file__).parents[4] / "shared"


@cache
def merge_cases() -> list[Any]:
    cases = json.loads((FIXTURES / "merge_cases.json").read_text(encoding="utf-8"))
    return [case for case in cases if "base" in case]


def comparable(document: Any, kinds: Any, field: str = "") -> Any:
    """The document with every set in one order."""
    if isinstance(document, dict):
        return {name: comparable(value, kinds, name) for name, value in document.items()}
    if isinstance(document, list):
        items = [comparable(item, kinds) for item in document]
        return sorted(items, key=json.dumps) if kinds.get(field) == "set" else items
    return document
