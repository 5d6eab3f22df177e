"""Names by which the front, its processes and the settings know each other."""

LANE = "THRILLWIKI_LANE"
"""The variable that tells a process which lane it is of; it has none where nothing is in front."""

CLIENT_ADDRESS = "X-Client-Address"
"""The header by which the wiki is told who asks; what a client sends of it is overwritten."""
