"""What was true when: a park in a year, this day in other years, openings by year.

This is time as content (when a ride opened), at the viewpoint that is read (what the wiki said).
"""
