"""What the fields of each kind mean, as the log tells it: the schema is part of the log.

`events` say what a migration changed, `recording` appends them, `lines` folds them, and a
`Lens` reads an event of any time as a document of today.
"""
