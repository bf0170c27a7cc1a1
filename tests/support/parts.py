"""Says what happens when a part of the system that a test needs is missing: a skip with its reason, or a failure.

On a developer's machine a missing browser or server only skips its tests, and says how to install it. Where everything
has to be shown (CI, or LRS_BRIDGE_REQUIRE_ALL=1), a missing part is a failure, so that nothing is left out unseen.
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
