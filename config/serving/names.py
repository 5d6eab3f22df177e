"""Names by which the front, its processes and the settings know each other."""

LANE = "THRILLWIKI_LANE"
"""The variable that tells a process which lane it is of; it has none where nothing is in front."""

PAGES, HEAVY, EDITS = "pages", "heavy", "edits"
ACCOUNTS, HEALTH = "accounts", "health"
"""The lanes."""
