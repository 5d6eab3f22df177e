"""Projections that follow the log: each event once, in order, from where they stopped.

    register(Totals())

One runner (the eventsourcing library's) dispatches to all that are registered.
What a projection writes and how far it has come are one transaction, so that
neither kill -9 nor a second follower makes it miss an event or count one twice.
"""
