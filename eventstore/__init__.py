"""The log: events, appended in changesets, read for ever.

This room knows nothing of what branches mean, of parks, or of HTTP. Its
public face is `log` (append), `reading` (streams, pages, times), `integrity` (hashes and guards)
and `persistence` (applications of the eventsourcing library, on the log).
"""
