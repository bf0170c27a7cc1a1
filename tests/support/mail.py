"""A mail server on loopback for tests (aiosmtpd), with whatever moods a test needs."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from support.parts import require_part
from support.process import LOOPBACK, free_port


@dataclass
class Mailbox:
    """What arrived. `answers` maps a recipient to what the server says instead of taking a mail for it."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 taken"
    signed_in: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 good"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data_answer.startswith("250"):
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
        return self.data_answer


def make_certificate(folder: Path) -> Path:
    """A certificate for the loopback address that nobody trusts unless told to, and its key, in one file."""
    program = shutil.which("openssl")
    require_part("openssl", program is not None, "apt-get install openssl")
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mail -addext subjectAltName=IP:{LOOPBACK}"
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    return both


@contextmanager
def mail_server(box: Mailbox, *, password: str = "", certificate: Path | None = None) -> Iterator[int]:
    """The port of a server that hands everything to `box`; with `password`, who sends must sign in over STARTTLS.

    `certificate` is a file with certificate and key; without one the server offers no TLS.
    """

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        box.signed_in.append(given.login.decode())
        return AuthResult(success=given.password.decode() == password, handled=False)

    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    sign_in: dict[str, Any] = {"authenticator": check, "auth_required": True} if password else {}
    port = free_port()
    controller = Controller(box, hostname=LOOPBACK, port=port, tls_context=tls, **sign_in)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
