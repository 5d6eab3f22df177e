"""The SQL of what is searched of a version: texts without accents, weighted words, facets.

Made from a kind's fields, so that the follower, a rebuild and the audit all
say the same of a version, and none of them reads a document in Python.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from projections.search.searched import Searched, searched_kinds
from versioning.entities.kinds import DocumentField, Kind

COLUMNS = (
    "entity_id", "branch", "valid_from", "valid_to", "deleted", "kind", "title", "folded",
    "called", "words", "facets", "numbers", "content",
)  # fmt: skip
"""The columns of an entry, in the order of every statement here."""

LONGEST_NAMES, LONGEST_FACTS, LONGEST_TEXT = 4_000, 20_000, 100_000
"""Characters that are searched; the words of more would not fit into a tsvector for certain."""


def fold(text: str) -> str:
    """SQL of a text as it is compared: lower case, no accents, words with a blank between them."""
    return f"btrim(regexp_replace({_plain(text)}, '[^[:alnum:]]+', ' ', 'g'))"


def fold_long(text: str) -> str:
    """The same words for a fifth of the time; there may be more blanks between them."""
    return f"regexp_replace({_plain(text)}, '[^[:alnum:] ]+', ' ', 'g')"


def _plain(text: str) -> str:
    # What is ASCII has no accents: most texts are, and to take them away takes the longest.
    # An apostrophe is no end of a word: Busch's and Buschs are one.
    return (
        "(SELECT replace(lower(CASE WHEN octet_length(t) = length(t) THEN t"
        " ELSE public.unaccent(normalize(t, NFKC)) END), '''', '')"
        f" FROM (SELECT {text} AS t OFFSET 0) AS given)"
    )


def content_of(kind: Kind, how: Searched) -> str:
    """SQL of a digest of all that is searched of a version `v`: equal makes equal entries."""
    parts = ", ".join(
        (_title(kind, how), _texts(kind, how.names), _texts(kind, how.facts),
         _texts(kind, how.texts), f"{_facets(kind, how)}::text", f"{_numbers(how)}::text")
    )  # fmt: skip
    return (
        f"CASE WHEN v.deleted THEN md5('')::uuid ELSE md5(concat_ws(E'\\x1f', {parts}))::uuid END"
    )


def entries(kind: Kind, how: Searched, versions: str) -> str:
    """SELECT of the entries of versions `v`: `versions` is what follows FROM."""
    names = f"left({_texts(kind, how.names)}, {LONGEST_NAMES})"
    vectors = {
        "A": f"left({fold(names)}, {LONGEST_NAMES})",
        "B": _folded_texts(kind, how.facts, LONGEST_FACTS),
        "C": _folded_texts(kind, how.texts, LONGEST_TEXT),
    }
    called = f"to_tsvector('pg_catalog.simple', {vectors['A']})"
    words = " || ".join(
        f"setweight(to_tsvector('pg_catalog.simple', {text}), '{weight}')"
        for weight, text in vectors.items()
    )
    # A line for each name, so that a name can be told from a part of it.
    lines = (
        f"ARRAY(SELECT {fold('line')} FROM string_to_table({names}, E'\\n') AS line"
        " WHERE line <> '')"
    )
    return f"""
SELECT v.entity_id, v.branch_number AS branch, v.valid_from, v.valid_to, v.deleted,
       '{kind.label}' AS kind, CASE WHEN v.deleted THEN '' ELSE {_title(kind, how)} END AS title,
       CASE WHEN v.deleted THEN '' ELSE array_to_string({lines}, E'\\n') END AS folded,
       CASE WHEN v.deleted THEN ''::tsvector ELSE {called} END AS called,
       CASE WHEN v.deleted THEN ''::tsvector ELSE {words} END AS words,
       CASE WHEN v.deleted THEN '{{}}'::text[] ELSE {_facets(kind, how)} END AS facets,
       CASE WHEN v.deleted THEN '{{}}'::jsonb ELSE {_numbers(how)} END AS numbers,
       {content_of(kind, how)} AS content
  FROM {versions}"""


def digest() -> str:
    """What all kinds' entries hold, in short: another digest asks for a rebuild."""
    told = [entries(kind, how, kind.version_table) for kind, how in searched_kinds()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _title(kind: Kind, how: Searched) -> str:
    return f"{_column(kind.fields[how.names[0]])}::text"


def _texts(kind: Kind, names: Iterable[str]) -> str:
    """Several fields' words, a line each."""
    words = [_words(kind.fields[name]) for name in names]
    return f"concat_ws(E'\\n', {', '.join(words)})" if words else "''"


def _folded_texts(kind: Kind, names: Iterable[str], longest: int) -> str:
    return f"left({fold_long(f'left({_texts(kind, names)}, {longest})')}, {longest})"


def _column(f: DocumentField) -> str:
    return f'v."{f.column}"'


def _words(f: DocumentField) -> str:
    """A field's value in words; choices by their labels, a list of names by the names."""
    column, field = _column(f), f.model_field
    labels = _labels(field)
    if isinstance(field, ArrayField):
        item = f"coalesce({labels} ->> item::text, item::text)" if labels else "item::text"
        return f"(SELECT string_agg({item}, E'\\n') FROM unnest({column}) AS item)"
    if isinstance(field, models.JSONField):
        listed = f"CASE jsonb_typeof({column}) WHEN 'array' THEN {column} ELSE '[]' END"
        return (
            "(SELECT string_agg(coalesce(item ->> 'name', item #>> '{}'), E'\\n')"
            f" FROM jsonb_array_elements({listed}) AS list(item))"
        )
    return f"coalesce({labels} ->> {column}::text, {column}::text)" if labels else f"{column}::text"


def _labels(field: Any) -> str:
    """The words of a field's choices as JSON; nothing where it has none."""
    choices = getattr(getattr(field, "base_field", field), "flatchoices", None) or ()
    return _literal(json.dumps({str(k): str(v) for k, v in choices})) + "::jsonb" if choices else ""


def _facets(kind: Kind, how: Searched) -> str:
    """An array of `field=value`, the kind's own first."""
    single, several = [_literal(f"kind={kind.label}")], []
    for name in how.facets:
        f = kind.fields[name]
        start = _literal(f"{name}=")
        if isinstance(f.model_field, ArrayField) or f.is_references:
            several.append(f"ARRAY(SELECT {start} || item::text FROM unnest({_column(f)}) AS item)")
        else:
            single.append(f"{start} || nullif({_column(f)}::text, '')")
    listed = f"array_remove(ARRAY[{', '.join(single)}]::text[], NULL)"
    return "(" + " || ".join([listed, *several]) + ")"


def _numbers(how: Searched) -> str:
    pairs = [f'{_literal(name)}, to_jsonb(v."{column}")' for name, column in how.numbers.items()]
    if not pairs:
        return "'{}'::jsonb"
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


def _literal(text: str) -> str:
    # Percent signs are doubled: statements go through the driver with parameters.
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def joined(columns: Iterable[str] = COLUMNS, row: str = "") -> str:
    """Columns for a statement, of a row where it is named."""
    return ", ".join(f"{row}.{column}" if row else column for column in columns)
