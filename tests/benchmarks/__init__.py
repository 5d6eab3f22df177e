"""What the engine costs, beside the same work done without it. Run by `make bench`.

A module a fear; each measures our way beside hand-written SQL on plain head
and version tables, Django without history, and django-simple-history, in
turn and in one run, so that only the ratios matter. One module measures it
beside its own code of an earlier commit.
"""
