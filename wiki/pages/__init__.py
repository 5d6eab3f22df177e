"""What every kind of page is: its fields in groups, values and items, rules, and what it cites."""
