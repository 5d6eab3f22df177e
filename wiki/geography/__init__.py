"""The earth as maps know it: its projection, and the outlines of countries."""
