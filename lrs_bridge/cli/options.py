"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from lrs_bridge.settings.values import read_interval
from lrs_bridge_rules.statements.times import parse_timestamp


class Moment(click.ParamType[datetime]):
    """A day or a moment, as `--since 2026-11-01` or `--since 2026-11-01T08:00:00Z`."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.combine(date.fromisoformat(str(value)), time.min, UTC)
        except ValueError:
            pass
        try:
            return parse_timestamp(str(value))
        except ValueError:
            self.fail(f"{value!r} is neither a day (2026-11-01) nor a moment (2026-11-01T08:00:00Z).", param, ctx)


class Length(click.ParamType[timedelta]):
    """A length of time, as `--window 1d`; written as in the configuration file."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return read_interval(value)
        except ValueError:
            self.fail(f"{value!r} is no length of time such as 1h, 1d or 2w.", param, ctx)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")

files_argument = click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
