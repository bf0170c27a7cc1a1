"""One row of the fault table: a fault, what the product does, what the operator is told, what is in the store then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lrs_bridge_connectors.sandbox import FAULTS
from trials.faults.world import World, ordinary


class Patience(StrEnum):
    """Which time-out is short while the fault lasts, so that the trial does not wait as long as an operator would."""

    USUAL = ""
    READ = "read_timeout"
    DEADLINE = "deadline"


class Rescan(StrEnum):
    """Whether the remedy is a rescan, and when it is run."""

    NO = ""
    WHILE_IT_LASTS = "while it lasts"
    AFTERWARDS = "afterwards"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One row. Texts for the operator are exact; `{lrs}` stands for the server's origin, `{other}` for another's,
    `{deadline}` for the seconds that one page may take.

    `told` is why the pull stopped ("": it did not), as its report, the log and `status` say; `doctor` what that command
    says while the fault lasts (None: not asked). `aside` are the reasons in quarantine, in alphabetical order, when all
    is over. `victims` are the statements befallen (none named: all), `differs` the columns in which they may stay as
    they first came. `pauses` are the seconds asked for between tries, `pulls` how often it is pulled while the fault
    lasts, `fresh` whether nothing was pulled before, `peak` how many bytes of memory a pull may take.
    """

    fault: str
    does: str
    told: str = ""
    doctor: str | None = None
    aside: tuple[str, ...] = ()
    rescan: Rescan = Rescan.NO
    missed: int = 0
    victims: tuple[str, ...] = ()
    differs: frozenset[str] = frozenset()
    pauses: tuple[float, ...] | None = None
    pulls: int = 1
    fresh: bool = False
    peak: int = 0
    patience: Patience = Patience.USUAL
    world: Callable[[], World] = ordinary
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """What the server does."""
        return FAULTS[self.fault].says
