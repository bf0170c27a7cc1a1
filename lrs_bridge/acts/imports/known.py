"""What a file may speak of beyond itself: what the organisation has already. Loaded once for each import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.nearest import nearest
from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.contract import Contract
from lrs_bridge.domain.learner import Learner
from lrs_bridge_rules.tree import Place


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that names in a file are looked up in. `identities` maps canonical identifiers to learner ids.

    `competencies` is empty while the organisation has not declared any: then every word is one.
    """

    learners: Mapping[str, Learner] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    objectives: frozenset[str] = frozenset()
    initiatives: frozenset[str] = frozenset()
    competencies: frozenset[str] = frozenset()
    activities: Mapping[str, CatalogueActivity] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    follow_ups: frozenset[str] = frozenset()
    time_zone: tzinfo = UTC

    def with_learners(self, learners: Iterable[Learner]) -> Known:
        """The same, and the learners of a file."""
        return replace(self, learners={**self.learners, **{each.id: each for each in learners}})

    def learner(self, fields: Fields, key: str, *, required: bool = False) -> str | None:
        """The id of the learner that a key names, by id or by e-mail address."""
        text = fields.text(key, required=required)
        if not text:
            return None
        if text in self.learners:
            return text
        by_mail = self.by_mail(text)
        if by_mail is None:
            fields.wrong(key, f"no learner has the id {text!r}{nearest(text, self.learners)}")
        return by_mail

    def by_mail(self, address: str) -> str | None:
        """The learner with an e-mail address, whatever its letter case."""
        if "@" not in address:
            return None
        lowered = address.lower()
        return next((each.id for each in self.learners.values() if each.email.lower() == lowered), None)

    def competencies_of(self, fields: Fields, key: str = "competencies") -> frozenset[str]:
        """The competencies that a key names; words that the organisation has not declared are noted as mistakes."""
        for text, place in fields.texts(key):
            self.check_competency(text, place, fields)
        return frozenset(fields.words_of(key))

    def check_competency(self, text: str, place: Place, fields: Fields) -> None:
        if text and self.competencies and text not in self.competencies:
            fields.problems.add(
                place,
                f"unknown competency {text!r}{nearest(text, self.competencies)} (the strategy file declares them)",
            )
