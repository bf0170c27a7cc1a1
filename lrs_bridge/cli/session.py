"""What every command is given: which configuration counts, and the installation that it describes, opened on demand."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import click
import structlog

from lrs_bridge.bridge import Bridge, system_clock
from lrs_bridge.log import configure_logging
from lrs_bridge.settings import Settings, load_settings
from lrs_bridge.store import schema


@dataclass
class Session:
    """One run of the program. Tests pass a clock; people get the system's."""

    config: Path | None = None
    debug: bool = field(default_factory=lambda: os.environ.get("LRS_BRIDGE_DEBUG", "") not in {"", "0"})
    clock: Callable[[], datetime] = system_clock

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises SettingsError with everything that is wrong in it."""
        return load_settings(self.config)

    @contextmanager
    def bridge(self, *, check_schema: bool = True, serves: bool = False) -> Iterator[Bridge]:
        """The installation. Raises SchemaError unless its database is of this version (or nobody asks).

        `serves`: this process goes on until it is stopped, and its log is what people look at.
        """
        self._set_up_logging(serves=serves)
        with Bridge.open(self.settings, clock=self.clock) as bridge:
            if check_schema:
                schema.check(bridge.engine)
            yield bridge

    def _set_up_logging(self, *, serves: bool) -> None:
        """A command that ends says itself what came of it; its log would say everything twice."""
        if serves or self.debug:
            log = self.settings.log
            configure_logging(log.model_copy(update={"level": "debug"}) if self.debug else log)
            return
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        logging.basicConfig(handlers=[logging.NullHandler()])


pass_session = click.make_pass_decorator(Session, ensure=True)
