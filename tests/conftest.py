"""What every test can ask for. The fixtures live in tests/support, one file per part of the system."""

pytest_plugins = [
    "support.browser",
    "support.postgres",
    "support.sockets",
    "support.valkey",
]
