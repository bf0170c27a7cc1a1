"""Fetches the secrets that a table of the configuration refers to, from the environment or from files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lrs_bridge.settings.sections import SECRETS

#: Made on first use, so that a fresh machine needs no preparation: it may be missing here.
_MADE_WHEN_MISSING = frozenset({"secret_key"})


def fetch_secrets(table: dict[str, Any], environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Put each secret beside its reference; yields key and trouble for each that cannot be had."""
    for secret in SECRETS:
        variable, file = table.get(f"{secret}_env"), table.get(f"{secret}_file")
        if isinstance(variable, str) and variable:
            if file:
                yield f"{secret}_env", f"give either this or {secret}_file, not both"
            elif environment.get(variable):
                table[secret] = environment[variable]
            else:
                yield f"{secret}_env", f"the environment variable {variable!r} is not set"
        elif isinstance(file, str) and file and secret not in _MADE_WHEN_MISSING:
            text, trouble = _read(Path(file))
            if trouble:
                yield f"{secret}_file", trouble
            else:
                table[secret] = text


def _read(file: Path) -> tuple[str, str]:
    """The text of a secret's file without the line end that editors add, or what is wrong with it."""
    try:
        text = file.read_text("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return "", f"{str(file)!r} is not text in UTF-8"
    except OSError as error:
        return "", f"{str(file)!r} cannot be read ({error.strerror})"
    return (text, "") if text else ("", f"{str(file)!r} is empty")
