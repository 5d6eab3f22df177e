"""The topic-checked cache: entries are checked against the log, never hunted.

    html = cached(("page", str(page.pk)), make)   # make() -> Made(value, topics)

An entry records the topics that it was made from and the position at which it
was made. It is good as long as none of its topics moved since. Redis is told
what moved by whoever reads next: the log's end is asked on every read (one
query by a primary key), and what lies between it and Redis' own place in the
log is read from the log first. So nothing stale is ever served, whoever died
between a commit and the news of it.
"""
