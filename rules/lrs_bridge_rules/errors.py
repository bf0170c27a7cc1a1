"""The errors of the rule engine.

RulesError
├── StatementError   a body is not a statement that can be understood   -> quarantine, with the reason
├── DocumentError    rule documents are wrong                           -> show every problem to their author
└── EditError        a document cannot be changed as was asked          -> say why; the document is as it was
"""

from __future__ import annotations

from dataclasses import dataclass


class RulesError(Exception):
    """Root of everything that this package raises on purpose."""


class StatementError(RulesError):
    """A statement cannot be understood; `reason` names the property, never its content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a document, at a place counted from 1."""

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class DocumentError(RulesError):
    """Rule documents were refused; `problems` holds all of them, in reading order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class EditError(RulesError):
    """A document was to be changed, and is not: what was asked does not fit it, or would change more than was asked."""
