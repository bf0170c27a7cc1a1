"""The broker between beat and workers: what Celery is told about it, and whether it answers.

Three kinds are known: in memory (one process), those that speak Redis's language, and RabbitMQ. What a worker held
when it was killed goes to another one: RabbitMQ gives it out again as soon as the connection breaks, Redis and Valkey
after a visibility time-out. No address is shown with its user or password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from kombu.connection import Connection

from lrs_bridge.errors import ConfigurationError

#: Seconds between two looks at the queue in memory.
_MEMORY_POLL: Final = 0.2
#: How the libraries of the brokers call it when they are not let in, or not to where they want.
_REFUSALS: Final = frozenset(
    {"AccessRefused", "AuthenticationError", "AuthorizationError", "NoPermissionError", "NotAllowed", "ResponseError"}
)
#: Seconds that a broker may take to answer when somebody only asks whether it is there.
_PATIENCE: Final = 5
_REDIS: Final = ("redis", "rediss", "valkey", "valkeys", "sentinel")
_RABBIT: Final = ("amqp", "amqps", "pyamqp", "librabbitmq")
_UNKNOWN: Final = ConfigurationError(
    "celery.broker is of a kind that is not known, or whose library is not installed.",
    'Name one such as redis://127.0.0.1:6379/0, which needs `pip install "celery[redis]"`, or amqp://127.0.0.1//.',
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking; `advice` is empty if it answers."""

    ok: bool
    message: str
    advice: str = ""


def transport_options(broker: str, visibility_timeout: timedelta) -> Mapping[str, Any]:
    """What Celery's transport is told, by the kind of broker."""
    return _OPTIONS.get(_scheme(broker), _no_options)(visibility_timeout)


def find_transport(broker: str) -> None:
    """Return if there is a library for this kind of broker. Raises ConfigurationError."""
    try:
        _connection(broker).get_transport_cls()
    # KeyError: no such kind. AttributeError: how kombu finds out that the library of Redis is missing.
    except (KeyError, ImportError, AttributeError) as error:
        raise _UNKNOWN from error


def ask(broker: str) -> Answered:
    """Whether the broker answers and lets us in, within a few seconds. Raises as `find_transport` does."""
    find_transport(broker)
    shown = shown_without_credentials(broker)
    connection = _connection(broker, connect_timeout=_PATIENCE, transport_options=_short_waits(broker))
    try:
        connection.connect()
    except (OSError, *connection.connection_errors, *connection.channel_errors) as error:
        kind = type(error).__name__  # and not its text, which may quote the address
        if kind in _REFUSALS:
            return Answered(False, f"{shown} refuses the sign-in ({kind})", _SIGN_IN)
        return Answered(False, f"{shown} does not answer ({kind})", _START)
    finally:
        connection.release()
    return Answered(True, f"{shown} answers")


def shown_without_credentials(broker: str) -> str:
    """The kind of broker and where it is, and nothing of who signs in."""
    kind = next((name for names, name in _NAMES.items() if _scheme(broker) in names), _scheme(broker))
    info = _connection(broker).info()
    where = ":".join(str(part) for part in (info["hostname"], info["port"]) if part)
    return f"{kind} at {where}" if where else kind


def _connection(broker: str, **options: Any) -> Any:  # noqa: ANN401  # kombu is not annotated
    return Connection(broker, **options)  # type: ignore[no-untyped-call]  # see above


def _scheme(broker: str) -> str:
    return broker.partition(":")[0].lower()


def _memory_options(_: timedelta) -> dict[str, Any]:
    return {"polling_interval": _MEMORY_POLL}


def _redis_options(visibility_timeout: timedelta) -> dict[str, Any]:
    """What a killed worker held goes to another one. The defaults take an hour and more."""
    seconds = visibility_timeout.total_seconds()
    return {
        "visibility_timeout": seconds,
        "unacked_restore_interval": max(1, min(10, int(seconds / 4))),
        "unacked_restore_throttle": 1,
    }


def _rabbit_options(_: timedelta) -> dict[str, Any]:
    """A task counts as sent once the broker says that it has it."""
    return {"confirm_publish": True}


def _no_options(_: timedelta) -> dict[str, Any]:
    return {}


_OPTIONS: Final[Mapping[str, Callable[[timedelta], dict[str, Any]]]] = {
    "memory": _memory_options,
    **dict.fromkeys(_REDIS, _redis_options),
    **dict.fromkeys(_RABBIT, _rabbit_options),
}
_NAMES: Final = {_REDIS: "Redis or Valkey", _RABBIT: "RabbitMQ"}
_START: Final = "Start it, or correct [celery] broker. Nothing is lost meanwhile: what is due stands in the database."
_SIGN_IN: Final = (
    "Correct user, password and virtual host (or number of the database) in LRS_BRIDGE_CELERY__BROKER; the broker's "
    "own log says more."
)


def _short_waits(broker: str) -> dict[str, Any]:
    return {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE} if _scheme(broker) in _REDIS else {}
