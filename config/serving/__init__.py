"""How the wiki is served: a front that deals with clients, and processes that make pages.

    client ── front (Caddy) ──┬── pages: granian, a process a core, some threads each
                              └── health: granian, one process, for /health/ and /metrics

The front has all of a request before it hands it on, and takes all of an answer at once, so no
client can hold a thread that makes pages. `supervision` starts what there is, and starts it again.
"""
