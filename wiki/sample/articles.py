"""Articles of the sample: address, name, body."""

ARTICLES = {
    ("what-this-is", "What this is"): """\
A wiki in which nothing is ever lost. Open the **history** of any page, or put `@p10` in front of
an address to read the whole wiki as it was then.
""",
    ("branches", "Working on a branch"): """\
A branch is a line of edits of its own. Fork one, edit there, look at what a merge would do, and
merge.

Nobody who reads main sees any of it before that.
""",
    ("chain-lift", "Chain lift"): """\
A chain below the track pulls the train to the top of the lift hill. The clicking comes from the
pawls that keep it from rolling back.
""",
    ("inversion", "Inversion"): """\
A part of the track that turns its riders upside down: a loop, a corkscrew, a cobra roll.
""",
    ("out-and-back", "Out and back"): """\
A layout that runs to a far turn and returns beside itself, hill after hill.
""",
}
