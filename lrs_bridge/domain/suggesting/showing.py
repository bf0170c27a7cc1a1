"""An unmatched activity as its own statements tell of it: all its names, what stands around it, and a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lrs_bridge.domain.suggesting.material import Near, Sample, UnmatchedActivity
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity, Reading
from lrs_bridge_rules.documents.vocabulary import VERBS

_ENDS = frozenset((Outcome.COMPLETED, Outcome.PASSED, Outcome.WAIVED))


def shown_by(
    activity_id: str, readings: Sequence[Reading], name: str, *, completions: int, learners: int, hours: float
) -> UnmatchedActivity:
    """The activity out of readings of one completion, whatever their order; `name` is one that is known anyway."""
    ordered = sorted(readings, key=lambda each: (each.outcome not in _ENDS, each.at, each.statement_id))
    told = [text for each in ordered for text in (each.activity.name, *each.names)]
    return UnmatchedActivity(
        id=activity_id,
        names=tuple(sorted({text for text in (name, *told) if text}, key=lambda text: (text != name, text))),
        type=next((each.activity.type for each in ordered if each.activity.type), ""),
        parents=_near(activity_id, [each.parents for each in ordered]),
        groupings=_near(activity_id, [each.groupings for each in ordered]),
        completions=completions,
        learners=learners,
        hours=hours,
        sample=_sample(ordered[0]) if ordered else None,
    )


def _near(activity_id: str, groups: Sequence[tuple[Activity, ...]]) -> tuple[Near, ...]:
    """What stands around it, but for itself."""
    return tuple(
        dict.fromkeys(
            Near(each.id, each.name, each.type) for group in groups for each in group if each.id != activity_id
        )
    )


def _sample(reading: Reading) -> Sample:
    statement = reading.statement
    sent, result, context = statement.object, statement.result, statement.context
    definition = sent.definition
    own = Near(
        sent.id,
        next(iter(sorted((definition.name or {}).values())), "") if definition is not None else "",
        (definition.type or "") if definition is not None else "",
    )
    return Sample(
        verb=reading.verb if reading.outcome in _ENDS else VERBS["completed"][0],
        object=own,
        categories=tuple(each.id for each in reading.categories),
        extensions=_keys((context.extensions if context is not None else None) or {}),
        success=result.success if result is not None else None,
        completion=result.completion if result is not None else None,
    )


def _keys(extensions: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
    """The keys alone, and those one level below: values may say who somebody is."""
    return {
        key: tuple(str(inner) for inner in value) if isinstance(value, dict) else ()
        for key, value in extensions.items()
    }
