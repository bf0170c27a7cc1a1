"""A helper: the sandbox LRS, whose clock stands where it was last told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lrs_bridge_connectors.sandbox import SandboxLrs
from trials.crash.helper import serve


def main() -> None:
    """Asked: `{"now": …, "statements": […]}`, which are taken in as they are. Answers: where it can be reached."""
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def clock() -> datetime:
        return now

    sandbox = SandboxLrs(clock=clock)
    with sandbox.serve() as serving:

        def take(question: dict[str, Any]) -> dict[str, object]:
            nonlocal now
            now = datetime.fromisoformat(question["now"])
            sandbox.load(question["statements"])
            return {"endpoint": serving.endpoint, "statements": len(sandbox)}

        serve(take)


if __name__ == "__main__":
    main()
