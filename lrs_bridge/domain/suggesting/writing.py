"""Drafts into a rules file: appended to what is there, whose comments and order stay; or a new document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs_bridge_rules.documents.changing.amending import data_of
from lrs_bridge_rules.documents.changing.editing import add_rule
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.documents.tree import PACK_FOLDER

_HEAD = """\
# Drafts made by `lrs-bridge rules suggest`. A draft has no effect. Read it, change it, try it with `lrs-bridge rules
# backtest`; then set its status to active, and publish.

"""


@dataclass(frozen=True, slots=True)
class Written:
    """The document with the drafts, the ids that were added, and those that it held already under whichever id."""

    text: str
    added: tuple[str, ...]
    already: tuple[str, ...]


def appended(text: str | None, drafts: Sequence[Mapping[str, Any]], documents: Iterable[str]) -> Written:
    """Append drafts to a text (None: there is none yet). Raises EditError, DocumentError.

    A new document includes the packs among `documents`, the names of those in force, so that its tests run alone.
    """
    result = _new(documents) if text is None else text
    rules = [each for each in data_of(result).get("rules") or [] if isinstance(each, dict)]
    known, taken = [_says(each) for each in rules], {str(each.get("id")) for each in rules}
    added: list[str] = []
    already: list[str] = []
    for draft in drafts:
        if _says(draft) in known:
            already.append(str(draft["id"]))
            continue
        own_id = _free(str(draft["id"]), taken)
        taken.add(own_id)
        result = add_rule(result, {**draft, "id": own_id})
        added.append(own_id)
    return Written(result if added or text is not None else "", tuple(added), tuple(already))


def _new(documents: Iterable[str]) -> str:
    packs = [each.removeprefix(PACK_FOLDER).removesuffix(".yaml") for each in documents if each.startswith(PACK_FOLDER)]
    return _HEAD + (to_yaml({"include": packs}) if packs else "")


def _says(rule: Mapping[str, Any]) -> tuple[object, ...]:
    """What makes two drafts the same: when they apply, and what they say."""
    return rule.get("when"), rule.get("evidence"), rule.get("exclude")


def _free(own_id: str, taken: set[str]) -> str:
    number, found = 2, own_id
    while found in taken:
        found, number = f"{own_id}-{number}", number + 1
    return found
