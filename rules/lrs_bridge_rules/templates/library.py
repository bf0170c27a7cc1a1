"""The profiles of a ruleset together: their templates by name, and the short names that their concepts bring.

Rules name a template by its IRI, or by `PROFILE/NAME`: the file's name without its ending, and the end of the IRI.
Verbs and activity types get the short names that nothing else has; the shipped vocabulary keeps what its words mean.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.vocabulary import SHIPPED, Vocabulary
from lrs_bridge_rules.nearest import nearest, nearest_word
from lrs_bridge_rules.templates.profile import Note, last_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrs_bridge_rules.templates.profile import Concept, Profile
    from lrs_bridge_rules.templates.template import Template

_VERB: Final = "Verb"
_TYPE: Final = "ActivityType"


@dataclass(frozen=True, slots=True)
class Library:
    """What profiles bring. `short_names` gives for each the ids of all templates that it could mean."""

    profiles: tuple[Profile, ...] = ()
    templates: Mapping[str, Template] = field(default_factory=dict)
    short_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vocabulary: Vocabulary = SHIPPED
    notes: tuple[Note, ...] = ()

    def template(self, name: str) -> Template:
        """Return the template that a rule names. Raises ValueError that says what there is instead."""
        meant = self.short_names.get(name, (name,))
        if len(meant) > 1:
            raise ValueError(f"{name!r} could be any of {', '.join(meant)}; name one of these in full")
        found = self.templates.get(meant[0])
        if found is None:
            raise ValueError(self._missing(name))
        return found

    def name_of(self, template: Template) -> str:
        """Return the short name that means a template and no other, else its IRI."""
        mine = (name for name, meant in self.short_names.items() if meant == (template.id,))
        return next(mine, template.id)

    def _missing(self, name: str) -> str:
        for profile in self.profiles:
            if name in profile.unusable:
                return f"the template cannot be used: {profile.unusable[name]}"
        if not self.templates:
            return f"unknown template {name!r}: there is no profile beside the rules (see: rules import-profile)"
        return f"unknown template {name!r}{self._nearest(name)}"

    def _nearest(self, name: str) -> str:
        if ":" not in name:
            return nearest(name, self.short_names)
        # Most of an IRI is like most of any other; what tells them apart is how they end.
        ends = {last_part(own_id): own_id for own_id in self.templates}
        found = nearest_word(last_part(name), ends)
        return f", did you mean {ends[found]!r}?" if found is not None else ""


def library_of(profiles: Sequence[Profile]) -> Library:
    """Return what profiles bring together; of a template that stands in several of them, the first counts."""
    templates: dict[str, Template] = {}
    short_names: defaultdict[str, list[str]] = defaultdict(list)
    notes = [note for profile in profiles for note in profile.notes]
    for profile in profiles:
        for template in profile.templates:
            if template.id in templates:
                first = templates[template.id].place
                where = f"{first.path}:{first.line}"
                notes.append(Note(template.place, f"the template {template.id} is in {where} too, and that one counts"))
                continue
            templates[template.id] = template
            short_names[f"{_stem(profile.source)}/{last_part(template.id)}"].append(template.id)
    verbs, verb_notes = _words(profiles, _VERB, SHIPPED.verbs)
    types, type_notes = _words(profiles, _TYPE, SHIPPED.activity_types)
    return Library(
        tuple(profiles),
        templates,
        {name: tuple(meant) for name, meant in short_names.items()},
        Vocabulary(verbs, types),
        (*notes, *_missing_references(templates), *verb_notes, *type_notes),
    )


def _stem(source: str) -> str:
    return source.rpartition("/")[2].rpartition(".")[0]


def _missing_references(templates: Mapping[str, Template]) -> Iterator[Note]:
    for template in templates.values():
        for wanted in (*template.object_ref, *template.context_ref):
            if wanted not in templates:
                message = f"{template.id} asks a statement to follow {wanted}, which no profile here describes"
                yield Note(template.place, f"{message}; that is not checked")


def _words(
    profiles: Sequence[Profile], kind: str, shipped: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[Note]]:
    """Return the shipped words and those that concepts add, and notes on the words that stay as they are."""
    concepts = list(_concepts(profiles, kind))
    claims: defaultdict[str, dict[str, Concept]] = defaultdict(dict)
    for concept in concepts:
        for word in concept.words:
            claims[word].setdefault(concept.id, concept)
    words = dict(shipped)
    notes = [_deprecated(concept) for concept in concepts if concept.deprecated]
    for word, claimed in claims.items():
        known = shipped.get(word, ())
        others = [concept for own_id, concept in claimed.items() if own_id not in known]
        if not known and len(others) == 1:
            words[word] = (others[0].id,)
            continue
        notes += [_taken(word, concept, bool(known)) for concept in others]
    return words, notes


def _concepts(profiles: Iterable[Profile], kind: str) -> Iterator[Concept]:
    return (concept for profile in profiles for concept in profile.concepts if concept.kind == kind)


def _deprecated(concept: Concept) -> Note:
    return Note(concept.place, f"{concept.id} is deprecated; rules that name it should name what took its place")


def _taken(word: str, concept: Concept, shipped: bool) -> Note:
    by = "means something else already" if shipped else "is claimed by several concepts"
    return Note(concept.place, f"the short name {word!r} {by}; rules name {concept.id} in full")
