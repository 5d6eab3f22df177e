"""Fields that only the wiki has; the general ones are `versioning.fields`."""
