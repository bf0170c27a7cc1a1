"""What an act can answer instead of being done.

ActError                anything below; nothing was changed (a BridgeError: a command ends with 1 because of it)
├── NotAllowed          this person may not do this
├── NotFound            there is no such task, goal, support, …
├── ActRefused          it cannot be done where things stand; says the state and what is possible
│   └── Overtaken       somebody else did something since it was looked at: look again, then decide
└── ImportRefused       a file has mistakes; `problems` holds all of them with their places, nothing was imported
"""

from __future__ import annotations

from lrs_bridge.errors import BridgeError
from lrs_bridge_rules.errors import Problem


class ActError(BridgeError):
    """Root of all refusals. `str()` is one sentence or two for the person who asked."""


class NotAllowed(ActError):
    """This person may not do this act, or not to this subject."""


class NotFound(ActError):
    """What the act is about does not exist (or not for this person)."""


class ActRefused(ActError):
    """Where things stand the act cannot be done; the text says where they stand and what is possible."""


class Overtaken(ActRefused):
    """Somebody else was faster: what the act was decided on is no longer so."""


class ImportRefused(ActError):
    """A file was refused whole. `problems` are all its mistakes, in reading order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
