"""A helper: a mail server that writes down the id of each letter before it says that it has taken it."""

from __future__ import annotations

from contextlib import ExitStack
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.controller import Controller

from support.process import LOOPBACK, free_port
from trials.crash.helper import serve


class Ledger:
    """One line a letter, in the order in which they came."""

    file: TextIO

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        headers = BytesHeaderParser().parsebytes(envelope.content)
        self.file.write(headers["Message-ID"].strip("<>").partition("@")[0] + "\n")
        self.file.flush()
        return "250 taken"


def main() -> None:
    """Asked: `{"letters": FILE}`, where ids are written from then on. Answers: its port."""
    port, ledger = free_port(), Ledger()
    controller = Controller(ledger, hostname=LOOPBACK, port=port)
    controller.start()
    with ExitStack() as files:

        def begin(question: dict[str, str]) -> dict[str, int]:
            ledger.file = files.enter_context(Path(question["letters"]).open("a", encoding="utf-8"))
            return {"port": port}

        serve(begin)
    controller.stop()


if __name__ == "__main__":
    main()
