"""A shop whose models change as apps are changed, in a Django project and databases of its own."""
