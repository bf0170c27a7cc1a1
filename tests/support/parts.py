"""Says what happens when a part of the system that a test needs is missing: a skip with its reason, or a failure.

On a developer's machine a missing browser or server only skips its tests, and says how to install it. Where everything
has to be shown (CI, or LRS_BRIDGE_REQUIRE_ALL=1), a missing part is a failure, and so is any skipped test: nothing is
left out unseen.
"""

import os

import pytest

_TRUE = frozenset({"1", "true", "yes"})


def everything_is_required() -> bool:
    return any(os.environ.get(name, "").lower() in _TRUE for name in ("CI", "LRS_BRIDGE_REQUIRE_ALL"))


def require_part(name: str, present: bool, how_to_install: str) -> None:
    """Go on if the part is present; else skip the test, or fail it where everything is required."""
    if present:
        return
    message = f"{name} is missing: {how_to_install}"
    if everything_is_required():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that must show everything fails if it skipped something."""
    if everything_is_required() and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Why such a run failed, in the closing lines."""
    if everything_is_required() and (skipped := _skipped(config)):
        terminalreporter.write_line(f"FAILED: {skipped} skipped, and everything is required here", red=True)


def _skipped(config: pytest.Config) -> int:
    # Only the process that reports to a person has a reporter; the workers of a parallel run have none.
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0
