"""The only place where objects are wired: settings in, engine, sources, rules and clock out.

Jobs, acts, commands and pages are given a `Bridge` and take from it what they use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from lrs_bridge.domain.facts import Organisation
from lrs_bridge.errors import ConfigurationError, UsageError
from lrs_bridge.settings import Settings, load_settings
from lrs_bridge.settings.keys import privacy_key, secret_key
from lrs_bridge.sources import build_source
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import make_engine, read
from lrs_bridge.store.load import load_organisation
from lrs_bridge.store.seal import Sealer
from lrs_bridge_connectors.source import Source
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.ruleset import Ruleset


def system_clock() -> datetime:
    """The present, aware UTC."""
    return datetime.now(UTC)


class Bridge:
    """One installation at work. Close it, or use it as a context manager."""

    def __init__(self, settings: Settings, engine: Engine, clock: Callable[[], datetime] = system_clock) -> None:
        self.settings = settings
        self.engine = engine
        self._clock = clock
        self._rulesets: dict[int, Ruleset] = {}
        privacy = settings.privacy
        #: Recognises people who were erased, and makes pseudonyms. Its key is looked for when it is called.
        self.seal = Sealer(lambda make: privacy_key(privacy, make=make), pseudonyms=privacy.pseudonyms)

    @classmethod
    def open(cls, settings: Settings | None = None, *, clock: Callable[[], datetime] = system_clock) -> Self:
        """Wire what is configured. Nothing is connected to yet. Raises ConfigurationError."""
        settings = settings or load_settings()
        return cls(settings, make_engine(settings.database.address()), clock)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def clock(self) -> datetime:
        """The present, aware UTC."""
        return self._clock()

    def sources(self) -> tuple[Source, ...]:
        """All configured sources, in the order of the file."""
        return self._sources

    def source(self, name: str) -> Source:
        """The source of this name. Raises UsageError, naming those that there are."""
        found = next((each for each in self._sources if each.name == name), None)
        if found is None:
            names = ", ".join(each.name for each in self._sources) or "none; add one under [[sources]]"
            raise UsageError(f"There is no source {name!r}.", f"Configured: {names}.")
        return found

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return tuple(build_source(each) for each in self.settings.sources)

    def ruleset(self) -> Ruleset:
        """The published rules in force, compiled once per version.

        Raises ConfigurationError if none were published, or if this version cannot read what an earlier one published.
        """
        with read(self.engine) as connection:
            number = rulesets.active_number(connection)
            if number is None:
                raise ConfigurationError(
                    "No rules are published yet.", "Run `lrs-bridge init`, or `lrs-bridge rules publish`."
                )
            if number not in self._rulesets:
                self._rulesets = {number: _compiled(rulesets.get(connection, number), number)}
        return self._rulesets[number]

    def organisation(self, connection: Connection | None = None) -> Organisation:
        """What holds for all learners: catalogue, needs and decisions, with configured rate, zone, locale and sources.

        Read in the transaction of `connection`, if one is given.
        """
        if connection is None:
            with read(self.engine) as fresh:
                return self.organisation(fresh)
        configured = self.settings.organisation
        return load_organisation(
            connection,
            time_zone=configured.zone,
            hourly_rate=configured.hourly_rate,
            locale=configured.locale,
            source_kinds=self.settings.source_kinds,
        )

    def secret_key(self) -> str:
        """The key that signs sessions; made on first use. Raises ConfigurationError."""
        return secret_key(self.settings.web)


def _compiled(version: rulesets.RulesetVersion | None, number: int) -> Ruleset:
    try:
        return load_texts(version.documents if version else {})
    except DocumentError as refused:
        raise ConfigurationError(
            f"Version {number} of the rules cannot be read by this version of lrs-bridge:\n{refused}\n",
            "Correct the files under [rules] path and run `lrs-bridge rules publish`.",
        ) from None
