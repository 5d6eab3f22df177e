"""PostgreSQL and Valkey of one's own, for a checkout that was given none.

They live under THRILLWIKI_HOME, speak through Unix sockets alone, and are shared by every
process of the checkout: the first that needs them starts them, the last one out stops them.

`services.py` holds that rule; `postgres.py` and `valkey.py` know one server each; `paths.py`
finds sockets a place that is short enough.
"""

from config.embedded.services import Services, join_services

__all__ = ["Services", "join_services"]
