"""Structured logging: JSON lines for machines, readable lines on a terminal, from our own loggers and from libraries'.

What a log line may hold: kinds, counts, ids, names of sources. Never names of people, addresses, credentials or bodies.
An exception is logged with its type and its places in the code; its text only if it is one of our own errors, because
a library's text may quote what it failed on.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from lrs_bridge.errors import BridgeError
from lrs_bridge.settings import LogSettings
from lrs_bridge.store.errors import StoreError
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_rules.errors import RulesError

#: Errors whose text was written to be shown.
SPEAKING = (BridgeError, StoreError, ConnectorError, RulesError)

#: Libraries that tell each step of theirs at level info.
_CHATTY = ("alembic", "amqp", "celery", "kombu", "urllib3", "waitress")


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream` (default: standard error). Can be called again."""
    stream = stream or sys.stderr
    on_terminal = stream.isatty()
    readable = settings.format == "console" or (settings.format == "auto" and on_terminal)
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_texts,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=on_terminal) if readable else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # so that a second call of this function holds for every logger
    )


def hide_texts(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by what may be known of it (a structlog processor)."""
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = describe_error(error)
    return event


def describe_error(error: BaseException) -> str:
    """Type and places of an exception and of those that led to it, innermost first; text of our own errors only."""
    return "\n".join(_lines(each) for each in _chain(error))


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return found[::-1]


def _lines(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if isinstance(error, SPEAKING) else type(error).__name__
    return "\n".join([*_places(error.__traceback__), text])


def _places(trace: TracebackType | None) -> list[str]:
    """File, line and function, without the source lines and without values."""
    return [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
