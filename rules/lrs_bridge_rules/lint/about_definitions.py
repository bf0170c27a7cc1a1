"""Lints about completion definitions beside each other: the first that fits wins, so their order decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf
from lrs_bridge_rules.conditions.index import Index
from lrs_bridge_rules.lint.example import examples
from lrs_bridge_rules.lint.lint import Lint, whole
from lrs_bridge_rules.lint.remark import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrs_bridge_rules.completions.definition import Definition
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark

_PACKS: Final = "packs/"


class NoCompletions(Lint):
    """Rules, and nothing that would make a completion for them to look at."""

    name = "no-completions"
    about = "No completion definition says what statements mean, so no rule is ever asked anything."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        if checked.rules and not checked.speaking:
            message = (
                "no completion definition says what statements mean, so no rule is ever asked; include a pack (such as"
                " `include: [generic-adl]`), or name the documents together that belong together"
            )
            yield self.remark(checked.rules[0].place, Severity.WARNING, "", message)


class ShadowedCompletion(Lint):
    """A definition that is never reached, as an earlier one fits whatever it fits."""

    name = "shadowed-completion"
    about = "An earlier completion definition fits whatever this one fits, so this one is never reached."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        definitions = checked.ruleset.definitions
        index = Index([definition.condition for definition in definitions])
        for number, later in enumerate(definitions):
            if checked.of_statements.impossible(*whole(later)):
                continue
            for earlier in _candidates(checked, definitions, index, number):
                if shadows(checked, earlier, later):
                    yield self._remark(earlier, later)
                    break

    def _remark(self, earlier: Definition, later: Definition) -> Remark:
        overridden = later.place.path.startswith(_PACKS) and not earlier.place.path.startswith(_PACKS)
        message = (
            f"the completion definition {later.id} is never reached: {earlier.id} ({earlier.place.path}:"
            f"{earlier.place.line}) comes first and fits whatever it fits; "
        )
        message += (
            "if that is meant, nothing is to be done"
            if overridden
            else "put the narrower one first, or remove the one that is not wanted"
        )
        severity = Severity.NOTE if overridden else Severity.WARNING
        return self.remark(later.place, severity, f"completion {later.id}", message)


def _candidates(
    checked: Checked, definitions: Sequence[Definition], index: Index[Any], number: int
) -> Iterator[Definition]:
    """Iterate over the earlier ones that fit an example of this one; only they can fit all that it fits."""
    example = next(examples(checked.of_statements, *whole(definitions[number])), None)
    found = index.candidates(example) if example is not None else range(number)
    yield from (definitions[each] for each in found if each < number)


def shadows(checked: Checked, earlier: Definition, later: Definition) -> bool:
    """Say whether surely every statement that fits `later` fits `earlier`, with an activity to speak about."""
    if earlier.group != later.group:
        return False
    if earlier.types and not (later.types and later.types <= earlier.types):
        return False
    return checked.of_statements.implies(AllOf(whole(later)), earlier.condition)
