"""What the tests of the jobs work on: see support/bridges.py."""

from support.bridges import bridge_url, database_kind, furnished_postgres, furnished_sqlite, lrs, open_bridge, sandbox

__all__ = ["bridge_url", "database_kind", "furnished_postgres", "furnished_sqlite", "lrs", "open_bridge", "sandbox"]
