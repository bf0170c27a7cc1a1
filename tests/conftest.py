"""What every test can ask for. The fixtures live in tests/support, one file per part of the system."""

# The first two are imported by the others, and pytest wants to see a plugin before anybody imports it.
pytest_plugins = [
    "support.parts",
    "support.sockets",
    "support.browser",
    "support.learning_locker.server",
    "support.postgres",
    "support.ralph.server",
    "support.valkey",
]
