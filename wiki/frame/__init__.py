"""What stands around a page: its tabs, and the bar of time."""
