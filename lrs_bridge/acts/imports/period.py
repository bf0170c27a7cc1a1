"""Periods in files: `from` and `until`, both days included."""

from __future__ import annotations

from datetime import date

from lrs_bridge.acts.imports.fields import Fields


def check_period(fields: Fields, starts_on: date | None, ends_on: date | None) -> None:
    """Note a period that ends before it begins."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        fields.wrong("until", "the period ends before it begins")
