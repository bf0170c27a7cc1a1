"""A helper: sandbox LRSs, one a life, whose clock stands where it was last told."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from lrs_bridge_connectors.sandbox import SandboxLrs
from trials.crash.helper import serve


def main() -> None:
    """Asked: `{"now": …, "statements": […]}`, which are taken in as they are; `"begin": true` takes an empty LRS first.

    Answers: where it can be reached.
    """
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def clock() -> datetime:
        return now

    sandbox, endpoint = SandboxLrs(clock=clock), ""
    with ExitStack() as served:

        def take(question: dict[str, Any]) -> dict[str, object]:
            nonlocal now, sandbox, endpoint
            now = datetime.fromisoformat(question["now"])
            if question.get("begin"):
                sandbox = SandboxLrs(clock=clock)
                endpoint = served.enter_context(sandbox.serve()).endpoint
            sandbox.load(question["statements"])
            return {"endpoint": endpoint, "statements": len(sandbox)}

        serve(take)


if __name__ == "__main__":
    main()
