"""What the tests of running work on: see support/bridges.py."""

from support.bridges import bridge_url, furnished_postgres, furnished_sqlite, lrs, open_bridge, sandbox

__all__ = ["bridge_url", "furnished_postgres", "furnished_sqlite", "lrs", "open_bridge", "sandbox"]
