"""What the tests of reliability work on: see support/bridges.py and support/running.py."""

from support.bridges import bridge_url, database_kind, furnished_postgres, furnished_sqlite, lrs, open_bridge, sandbox
from support.running import installation

__all__ = [
    "bridge_url",
    "database_kind",
    "furnished_postgres",
    "furnished_sqlite",
    "installation",
    "lrs",
    "open_bridge",
    "sandbox",
]
