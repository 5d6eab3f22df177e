"""A viewpoint of the wiki as files, and back: export, import, and the downloads of lists."""
