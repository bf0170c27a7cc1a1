"""Leaves logging as it was: commands that run inside a test set it up for the whole process, as they should."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    with logging_kept():
        yield


@contextmanager
def logging_kept() -> Iterator[None]:
    """Give the root logger its level and handlers back, every other logger its level, and structlog its settings."""
    root = logging.getLogger()
    level, handlers, configured = root.level, list(root.handlers), structlog.get_config()
    levels = {name: each.level for name, each in _loggers().items()}
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
        for name, each in _loggers().items():
            each.setLevel(levels.get(name, logging.NOTSET))
        structlog.configure(**configured)


def _loggers() -> dict[str, logging.Logger]:
    known = logging.Logger.manager.loggerDict.items()
    return {name: each for name, each in known if isinstance(each, logging.Logger)}
