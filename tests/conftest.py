"""What every test can ask for. The fixtures live in tests/support, one file per part of the system."""

from hypothesis import settings

# The first two are imported by the others, and pytest wants to see a plugin before anybody imports it.
pytest_plugins = [
    "support.parts",
    "support.sockets",
    "support.logs",
    "support.browser",
    "support.learning_locker.server",
    "support.postgres",
    "support.rabbitmq",
    "support.ralph.server",
    "support.valkey",
]

# No test asserts a time: a busy machine is slow, and that is no failure. The suite's own time-out ends what hangs.
settings.register_profile("lrs_bridge", deadline=None)
settings.load_profile("lrs_bridge")
