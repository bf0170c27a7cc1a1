"""What is wrong in a configuration, said so that the person who wrote it can mend it: file, key, what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from lrs_bridge.errors import ConfigurationError
from lrs_bridge_rules.nearest import nearest_or_all


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One thing that is wrong: in which file (or "environment"), at which key."""

    where: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.message}" if self.key else f"{self.where}: {self.message}"


class SettingsError(ConfigurationError):
    """The configuration was refused; `problems` holds everything that is wrong with it, in reading order."""

    def __init__(self, problems: Iterable[SettingsProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unknown(key: str, known: Iterable[str]) -> str:
    """Says that a key is unknown, and which one was probably meant."""
    return f"unknown key{nearest_or_all(key, known, most=100)}"


# What pydantic found → what the reader should know. The value itself is never repeated.
_SAYINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "literal_error": lambda context: f"expected one of {context['expected']}",
    "value_error": lambda context: str(context["error"]),
    "string_type": lambda _: "expected a text in quotes",
    "string_too_short": lambda _: "must not be empty",
    "int_type": lambda _: "expected a whole number",
    "int_parsing": lambda _: "expected a whole number",
    "int_from_float": lambda _: "expected a whole number",
    "path_type": lambda _: "expected a path in quotes",
    "greater_than_equal": lambda context: f"expected {context['ge']} or more",
    "less_than_equal": lambda context: f"expected {context['le']} or less",
}


def saying(error: ErrorDetails) -> str:
    """One of pydantic's findings in words."""
    say = _SAYINGS.get(error["type"])
    return say(error.get("ctx", {})) if say else error["msg"]
