"""A helper that has imported everything once, and forks off the program that is to be killed: in milliseconds.

Asked with what the program needs, it answers with its process id, and once more when the program has ended.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

from trials.crash.child import FAILED, work

#: What each run would import otherwise.
_PRELOADED = (
    "lrs_bridge_connectors.xapi.client",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
)


def main() -> None:
    """`forks ALARM`: the number of the file to which the program writes when it reaches the stage aimed at."""
    alarm = int(sys.argv[1])
    for name in _PRELOADED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_the_program(json.loads(line), alarm)
        _say({"pid": child})
        _, status = os.waitpid(child, 0)
        _say({"status": os.waitstatus_to_exitcode(status)})


def _be_the_program(request: dict[str, Any], alarm: int) -> None:
    """Never returns, and never speaks on the pipe that belongs to the helper."""
    status = FAILED
    try:
        os.dup2(2, 1)
        status = work(request, alarm)
    except BaseException:  # noqa: BLE001 - the edge of a process: the log says why, and the status says that
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _say(word: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(word) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
