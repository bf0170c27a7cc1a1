"""A quick look at an input: its records are cut, decoded and sorted, and their meaning is read; nothing is stored.

The whole way costs a tenth of a second, this a hundredth of that. So every input is looked at, and those that come out
in a way not seen before, and a share of all others, go the whole way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lrs_bridge.jobs.sorting import Sorter, sorter_for
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Record, Source
from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.subject import subject_of
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement
from trials.fuzz.ground import NOW, SOURCE, Ground
from trials.fuzz.payloads import MARK

_DIGITS = re.compile(r"\d+|`\$.*`")
#: How an input came out: one line for each way in which a record of it did.
Signature = frozenset[str]


def glance(ground: Ground, source: Source) -> Signature:
    """How the records of the source come out. Raises whatever the product does not expect."""
    ruleset = ground.bridge.ruleset()
    sorter = sorter_for(ground.bridge.settings, SOURCE, ruleset)
    try:
        records = [record for page in source.pages(None) for record in page.records]
    except ConnectorError as error:
        return frozenset({_DIGITS.sub("", str(error))})
    return frozenset(_outcomes(records, sorter, ruleset))


def _outcomes(records: Iterable[Record], sorter: Sorter, ruleset: Ruleset) -> Iterable[str]:
    for record in records:
        found = sorter.sort([record])
        if found.rejected:
            yield _DIGITS.sub("", found.rejected[0].reason)
        elif found.noise:
            yield f"noise {found.noise[0].key[0]}"
        else:
            yield _told_by(record.body, found.wanted[0].id, ruleset)


def _told_by(body: bytes, own_id: str, ruleset: Ruleset) -> str:
    """What the rules make of a statement that is wanted."""
    statement = decode_statement(body)
    reading = ruleset.read(statement, source=SOURCE, statement_id=own_id)
    if reading is None:
        return "voiding"
    subject = subject_of(conclude([reading]), [reading])
    rules = [match.rule for match in ruleset.evaluate(subject, now=NOW).matches]
    ruleset.explain(subject, now=NOW)
    odd = [name for name, text in (("id", reading.activity.id), ("name", reading.activity.name)) if MARK in text]
    absent = [each is None for each in (reading.percent, reading.duration, statement.ifi)]
    return f"{reading.definition} {rules} {odd} {absent}"
