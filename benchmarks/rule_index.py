"""What a rule costs that cannot apply: the same completions under 100, 1,000 and 10,000 rules."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice

from benchmarks.table import Line
from benchmarks.world import NOW, rules, statements
from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.subject import Subject, subject_of
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement

COMPLETIONS = 3000
FEW, SOME, MANY = 100, 1000, 10_000
ROUNDS = 5


def measure() -> list[Line]:
    """Cost per completion, as a ratio; the best of some rounds that take turns."""
    few, *others = (load_texts(rules(count)) for count in (FEW, SOME, MANY))
    subjects = completions(few)
    rulesets = (few, *others)
    best, *seconds = (min(taken) for taken in zip(*_rounds(rulesets, subjects), strict=True))
    return [
        *(
            Line(f"{count:,} rules, per completion", taken / best, f"× {FEW} rules", 1.3)
            for count, taken in zip((SOME, MANY), seconds, strict=True)
        ),
        Line(f"completions a second under {MANY:,} rules", len(subjects) / seconds[-1], "/s"),
    ]


def _rounds(rulesets: Sequence[Ruleset], subjects: Sequence[Subject]) -> list[list[float]]:
    """Seconds of each ruleset, round by round, so that whatever disturbs one disturbs the others."""
    return [[evaluated(ruleset, subjects) for ruleset in rulesets] for _ in range(ROUNDS)]


def completions(ruleset: Ruleset) -> list[Subject]:
    """Attempts as rules see them, at activities that both rulesets know, so that only the idle rules differ."""
    decoded = (decode_statement(body) for body in statements(COMPLETIONS * 2, 100, wanted=1.0, quizzes=FEW))
    readings = (ruleset.read(each, statement_id=each.id or "", source="lms") for each in decoded)
    finished = (each for each in readings if each is not None and each.percent is not None)
    return [subject_of(conclude([each]), [each]) for each in islice(finished, COMPLETIONS)]


def evaluated(ruleset: Ruleset, subjects: Sequence[Subject]) -> float:
    """Seconds for all of them."""
    begun = time.perf_counter()
    for subject in subjects:
        ruleset.evaluate(subject, now=NOW)
    return time.perf_counter() - begun
