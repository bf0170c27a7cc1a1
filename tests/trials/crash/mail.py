"""A helper: a mail server that writes down the id of each letter before it says that it has taken it."""

from __future__ import annotations

import sys
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from support.process import LOOPBACK, free_port
from trials.crash.helper import serve


class Ledger:
    """One line a letter, in the order in which they came."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        headers = BytesHeaderParser().parsebytes(envelope.content)
        self._file.write(headers["Message-ID"].strip("<>").partition("@")[0] + "\n")
        self._file.flush()
        return "250 taken"


def main() -> None:
    """`mail FILE`. Answers every question with its port."""
    port = free_port()
    controller = Controller(Ledger(Path(sys.argv[1])), hostname=LOOPBACK, port=port)
    controller.start()
    serve(lambda _: {"port": port})
    controller.stop()


if __name__ == "__main__":
    main()
