"""The ways in which letters leave: the log (nobody is told), or a mail server.

A channel is a context manager with `send`; a new one is a class and a row in `CHANNELS`. What can go wrong is sorted by
what `deliver` does about it; no reason holds an address or the mail server's own words, which may quote one.
"""

from __future__ import annotations

import smtplib
import ssl
from abc import abstractmethod
from collections.abc import Callable
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType
from typing import Protocol, Self

import structlog

from lrs_bridge.jobs.delivery.letters import Letter, one_line
from lrs_bridge.settings import MailSettings, Settings

logger = structlog.stdlib.get_logger(__name__)


class DeliveryError(Exception):
    """Root of what a channel raises; `reason` can be shown and kept.

    DeliveryError
    ├── Undeliverable   this letter will never arrive        -> put it aside, with the reason
    ├── NotNow          this letter may arrive later         -> try again, a limited number of times
    └── ChannelDown     no letter can leave at the moment    -> try all of them again, as long as it takes
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(DeliveryError):
    """This letter will never arrive."""


class NotNow(DeliveryError):
    """This letter may arrive later."""


class ChannelDown(DeliveryError):
    """No letter can leave at the moment; the reason says what to do."""


class Channel(Protocol):
    """Takes letters away, from `__enter__` (which may raise ChannelDown) to `__exit__`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @abstractmethod
    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises DeliveryError."""


class LogChannel:
    """Counts letters in the log instead of sending them: nothing of them is shown but that they were."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was opened."""

    def send(self, letter: Letter) -> None:
        logger.info("letter written, not sent", letter=letter.id)


class MailChannel:
    """One connection to the mail server, for all letters of a run."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._server = self._connect()
            self._sign_in(self._server)
        except smtplib.SMTPAuthenticationError:
            self._close()
            raise ChannelDown("The mail server refuses the sign-in. Check [mail] username and password.") from None
        except smtplib.SMTPNotSupportedError:
            self._close()
            raise ChannelDown("The mail server does not offer what is configured. Check [mail] tls.") from None
        except ssl.SSLError:
            self._close()
            raise ChannelDown("TLS with the mail server failed. Check [mail] tls, port and certificate.") from None
        except (OSError, smtplib.SMTPException):
            self._close()
            raise ChannelDown("The mail server does not answer. Check [mail] host and port, or start it.") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, letter: Letter) -> None:
        message = compose(letter, self._settings.sender)
        if self._server is None:
            raise ChannelDown("The connection to the mail server is not open.")
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = max(code for code, _ in refused.recipients.values())
            raise _judged(code, "refuses the recipient") from None
        except smtplib.SMTPDataError as refused:
            raise _judged(refused.smtp_code, "refuses the message") from None
        except smtplib.SMTPSenderRefused:
            raise ChannelDown("The mail server refuses the sender. Check [mail] sender.") from None
        except smtplib.SMTPNotSupportedError:
            raise Undeliverable("The mail server cannot send to an address with such characters.") from None
        except (OSError, smtplib.SMTPException):
            raise ChannelDown("The connection to the mail server broke.") from None

    def _connect(self) -> smtplib.SMTP:
        host, port, seconds = self._settings.host, self._settings.port, self._settings.timeout.total_seconds()
        if self._settings.tls == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, timeout=seconds)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._settings.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._settings.username:
            server.login(self._settings.username, self._settings.secret("password"))

    def _close(self) -> None:
        if self._server is not None:
            # Not `quit`: every letter was already answered, and a server that hangs must not hold us up again.
            self._server.close()
            self._server = None


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The mail. Raises Undeliverable for a recipient that cannot be written to."""
    message = EmailMessage(policy=SMTP)
    message["To"] = _address(letter)
    message["From"] = sender
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{sender.partition('@')[2]}>"
    # RFC 3834: keeps holiday replies from coming back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _address(letter: Letter) -> Address:
    if not letter.recipient.address:
        raise Undeliverable("The recipient has no mail address. Add it to the learners, then send again.")
    try:
        return Address(one_line(letter.recipient.name), addr_spec=letter.recipient.address)
    except (HeaderParseError, ValueError, IndexError):
        raise Undeliverable("The recipient's mail address cannot be read. Correct it, then send again.") from None


def _judged(code: int, what: str) -> DeliveryError:
    """RFC 5321 4.2.1: 4yz may succeed later, 5yz will not."""
    kind = Undeliverable if code >= 500 else NotNow
    return kind(f"The mail server {what} (code {code}).")


#: [delivery] channel → how it is made.
CHANNELS: dict[str, Callable[[Settings], Channel]] = {
    "log": lambda _: LogChannel(),
    "mail": lambda settings: MailChannel(settings.mail),
}
