"""What Django asks a backend for: its own answers, but for who compiles queries."""

from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations


class DatabaseOperations(PostgresOperations):
    compiler_module = "versioning.postgresql.compilers"
