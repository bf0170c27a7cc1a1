"""What a file may speak of beyond itself: what the organisation has already. Loaded once for each import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.agenda import Competency
from lrs_bridge.domain.contract import Contract
from lrs_bridge.domain.learner import Learner
from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.nearest import nearest_or_all


def nobody_was_erased(_learner_id: str, _ifis: Sequence[str]) -> bool:
    """As it is in most databases."""
    return False


def as_it_is(ifi: str) -> str:
    """As it is in a database that keeps names."""
    return ifi


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that names in a file are looked up in.

    `identities` maps canonical identifiers to learner ids. `follow_ups` are the templates that the rules in force
    have; empty: any word will do. `competencies` are those that the strategy declares; empty: any id will do.
    `as_kept` gives the identifier under which one is kept; `is_erased` says of a learner's id and identifiers whether
    they are those of somebody who was erased.
    """

    learners: Mapping[str, Learner] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    competencies: frozenset[str] = frozenset()
    objectives: frozenset[str] = frozenset()
    initiatives: frozenset[str] = frozenset()
    activities: Mapping[str, CatalogueActivity] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    follow_ups: frozenset[str] = frozenset()
    time_zone: tzinfo = UTC
    as_kept: Callable[[str], str] = as_it_is
    is_erased: Callable[[str, Sequence[str]], bool] = nobody_was_erased

    @property
    def nameless(self) -> bool:
        """Whether people are kept under pseudonyms."""
        return self.as_kept is not as_it_is

    def with_learners(self, learners: Iterable[Learner]) -> Known:
        """The same, and the learners of a file."""
        return replace(self, learners={**self.learners, **{each.id: each for each in learners}})

    def with_competencies(self, competencies: Iterable[Competency]) -> Known:
        """The same, and the competencies that a file declares."""
        return replace(self, competencies=self.competencies.union(each.id for each in competencies))

    def competency(self, fields: Fields, key: str) -> str:
        """The id of the competency that a key has to name."""
        text = fields.text(key, required=True)
        if text:
            self._check_competency(fields, key, text, fields.place_of(key))
        return text

    def competencies_of(self, fields: Fields, key: str) -> frozenset[str]:
        """The ids of all competencies that a key names."""
        for text, place in fields.texts(key):
            if text:
                self._check_competency(fields, key, text, place)
        return frozenset(fields.words_of(key))

    def _check_competency(self, fields: Fields, key: str, text: str, place: Place) -> None:
        if self.competencies and text not in self.competencies:
            near = nearest_or_all(text, self.competencies)
            fields.problems.add(
                place, f"{key}: expected a competency that the strategy declares, and {text!r} is none{near}"
            )

    def learner(self, fields: Fields, key: str, *, required: bool = False) -> str | None:
        """The id of the learner that a key names, by id or by e-mail address."""
        text = fields.text(key, required=required)
        if not text:
            return None
        if text in self.learners:
            return text
        by_mail = self.by_mail(text)
        if by_mail is None:
            fields.wrong(key, f"no learner has the id {text!r}{nearest_or_all(text, self.learners)}")
        return by_mail

    def by_mail(self, address: str) -> str | None:
        """The learner with an e-mail address, whatever its letter case."""
        if "@" not in address:
            return None
        lowered = address.lower()
        return next((each.id for each in self.learners.values() if each.email.lower() == lowered), None)
