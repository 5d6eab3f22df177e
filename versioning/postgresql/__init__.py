"""Django's PostgreSQL backend for versioned models: `"ENGINE": "versioning.postgresql"`."""
