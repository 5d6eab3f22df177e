"""A kind's records as a JSON Schema: what an export holds, and what an import takes."""

from typing import Final

from versioning.entities.kinds import Kind
from wiki.schema.fields import Schema, field_schema, may_be_left_out

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def kind_schema(kind: Kind, address: str | None = None) -> Schema:
    """The schema of a kind's records, with the address that it is published at.

    Asks no database.
    """
    identity: Schema = {"$schema": DIALECT} | ({"$id": address} if address else {})
    fields = {name: field_schema(f) for name, f in kind.fields.items()}
    needed = [name for name, f in kind.fields.items() if not may_be_left_out(f)]
    return {
        **identity,
        "title": str(kind.model._meta.verbose_name),
        "x-kind": kind.label,
        "type": "object",
        "properties": {"id": {"type": "string", "format": "uuid"}, **fields},
        "required": ["id", *needed],
        "additionalProperties": False,
    }
