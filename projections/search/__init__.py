"""Search at every viewpoint: a table that follows the log, and the queries that read it.

`searched` is where a kind is registered, `columns` the SQL of what an entry
holds, `entries` the projection, `visible` the entries that a viewpoint shows,
`terms` the words that were asked for, `finding` the questions.
"""
