"""The table of all lints: a new one is a class, a row here, and a page in docs/lint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.lint.about_conditions import AlwaysMatches, DeadBranch, Fraction, NeverMatches
from lrs_bridge_rules.lint.about_definitions import NoCompletions, ShadowedCompletion
from lrs_bridge_rules.lint.about_exceptions import EndedException, IdleException, OpenException
from lrs_bridge_rules.lint.about_history import NeverHit, UnknownActivity, UnknownCompetency, UnknownGoal
from lrs_bridge_rules.lint.about_names import DeprecatedWord, UnusedFollowUp, UnusedList
from lrs_bridge_rules.lint.about_rules import Duplicate, MissingTests, NeverCounts, Swallowed
from lrs_bridge_rules.lint.overlaps import Overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrs_bridge_rules.lint.lint import Lint

_ALL: Final[tuple[type[Lint], ...]] = (
    NeverMatches,
    DeadBranch,
    AlwaysMatches,
    Fraction,
    NoCompletions,
    ShadowedCompletion,
    Swallowed,
    NeverCounts,
    Duplicate,
    Overlap,
    MissingTests,
    EndedException,
    OpenException,
    IdleException,
    UnusedList,
    UnusedFollowUp,
    DeprecatedWord,
    UnknownCompetency,
    UnknownGoal,
    UnknownActivity,
    NeverHit,
)

#: Every lint by its name.
LINTS: Final[Mapping[str, Lint]] = {lint.name: lint() for lint in _ALL}

#: Said of allowances themselves, by `checking`.
UNUSED_ALLOWANCE: Final = "unused-allowance"
