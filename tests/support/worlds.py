"""Random worlds for laws: a learner with some history in an organisation with some of everything, as of day 30."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from lrs_bridge.domain.contract import Measure, Support
from lrs_bridge.domain.facts import Facts, StatementFact
from support.builders import (
    EXCEL,
    PAINTING,
    UNKNOWN,
    a_contract,
    a_goal,
    a_learner,
    a_need,
    a_statement,
    a_want,
    an_activity,
    an_organisation,
    day,
    facts,
)

PRE_TEST = "https://lms.example.org/mod/quiz/view.php?id=1"
WELCOME = "https://lms.example.org/welcome"
NOW = day(30)

days = st.integers(min_value=-120 * 24, max_value=29 * 24).map(lambda hours: day(hours / 24))
verbs = st.sampled_from(
    ["initialized", "progressed", "completed", "passed", "failed", "scored", "waived", "uncompleted"]
)


@st.composite
def statements(draw: st.DrawFn) -> StatementFact:
    return a_statement(
        draw(verbs),
        draw(st.sampled_from([EXCEL, EXCEL, PAINTING, UNKNOWN, PRE_TEST, WELCOME])),
        draw(days),
        registration=draw(st.sampled_from([None, None, "r1", "r2"])),
        score=draw(st.sampled_from([None, (60, 100), (90, 100)])),
        duration=draw(st.sampled_from([None, "PT2H"])),
    )


histories = st.lists(statements(), max_size=14, unique_by=lambda fact: fact.id)


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    """A learner with some history, and an organisation with some of everything."""
    support = Support("s1", "a licence", "ida", draw(st.sampled_from([None, date(2026, 2, 1), date(2026, 6, 1)])))
    ready = replace(support, ready_at=draw(st.sampled_from([None, day(-20), day(10)])))
    spreadsheets = a_goal(supports=(ready,), measure=Measure("errors", "a month", 9, 3))
    art = a_goal(id="goal-art", title="Paint", competencies=frozenset({"art"}), activities=frozenset({PAINTING}))
    contracts = draw(st.sampled_from([(), (a_contract(spreadsheets),), (a_contract(spreadsheets, art),)]))
    mandated = draw(st.sampled_from(["", "the regulator"]))
    valid_for = draw(st.sampled_from([None, timedelta(days=45)]))
    catalogue = draw(
        st.sampled_from([(), (an_activity(pre_test=PRE_TEST, mandated_by=mandated, valid_for=valid_for),)])
    )
    return facts(
        *draw(histories),
        learner=a_learner(hired_on=draw(st.sampled_from([None, date(2021, 1, 1), date(2025, 9, 1)]))),
        organisation=an_organisation(
            *catalogue, needs=draw(st.sampled_from([(), (a_need(),)])), source_kinds={"lms": "xapi"}
        ),
        contracts=contracts,
        wants=draw(st.sampled_from([(), (a_want("art"),)])),
    )
