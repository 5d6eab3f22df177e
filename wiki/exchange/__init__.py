"""The wiki as files, and back: export, import, downloads; and what brings in the work of others."""
