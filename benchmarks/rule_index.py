"""What a rule costs that cannot apply: the same completions under 100 and under 10,000 rules."""

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
FEW, MANY = 100, 10_000
ROUNDS = 5


def measure() -> list[Line]:
    """Cost per completion, as a ratio; the best of some rounds that take turns."""
    few, many = (load_texts(rules(count)) for count in (FEW, MANY))
    subjects = completions(few)
    seconds = {id(ruleset): min(evaluated(ruleset, subjects) for _ in range(ROUNDS)) for ruleset in (few, many)}
    return [
        Line("10,000 rules, per completion", seconds[id(many)] / seconds[id(few)], "× 100 rules", 1.3),
        Line("completions a second under 10,000 rules", len(subjects) / seconds[id(many)], "/s"),
    ]


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
