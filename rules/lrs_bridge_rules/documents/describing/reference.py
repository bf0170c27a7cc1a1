"""The reference of rule documents as Markdown: every key, field, operator, word and limit, made from the code itself.

`lrs-bridge rules reference` prints it, and docs/rules-reference.md is what it printed last. The sentences stand beside
what they explain: at the keys of the models, the rows of fields and operators, the words of outcomes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.completions.outcome import ABOUT_OUTCOMES, ENDS, Outcome
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.fields import Kind
from lrs_bridge_rules.conditions.operators import OPERATORS
from lrs_bridge_rules.conditions.sent import ABOUT as ABOUT_SENT
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.describing.examples import CONDITIONS, LISTS, OPERATOR_EXAMPLES
from lrs_bridge_rules.documents.describing.markdown import table
from lrs_bridge_rules.documents.describing.reference_keys import sections
from lrs_bridge_rules.documents.lists import MAX_LIST_BYTES, MAX_VALUES
from lrs_bridge_rules.documents.reading import MAX_BYTES, MAX_DEPTH, MAX_KEY, MAX_NODES, MAX_TEXT
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrs_bridge_rules.conditions.fields import Field

_OPENING: Final = """\
# The rules, word by word

<!-- Printed by `lrs-bridge rules reference`: change the sentences where they stand in the code, and print it anew. -->

A rule document is a YAML 1.2 file. Together the documents of a folder, and the packs that they include, are the rules
of an organisation. `lrs-bridge rules check` looks through them and says what is wrong, with line and column; editors
can do the same while one writes (`lrs-bridge rules schema`). Where several values may stand, a lone one needs no
brackets.

- [Keys](#keys): what may stand in a document, and where
- [Conditions](#conditions): groups, several values, lists, paths and templates
- [Operators](#operators) and [kinds of values](#kinds-of-values)
- [Fields of statements](#fields-of-statements), for completion definitions
- [Fields of completions](#fields-of-completions), for rules and their exceptions
- [Outcomes](#outcomes), [verbs](#verbs), [activity types](#activity-types)
- [Limits](#limits)
"""
_MANY_VALUES: Final = """\
A condition names fields and what they must be; all of them must fit. A value alone means *is*, a list means *any of*, a
mapping holds operators. A field may have several values, as an attempt has several statements and an activity names in
several languages, or none:

- an operator holds if **one** of the values fits, and so never where there is none;
- `not_in` holds if **none** of them fits, and so also where there is none; the same goes for `not`;
- several operators on one field must all hold, each perhaps by another value; `between` asks it of one and the same.

Names are compared without regard to case, ids and other texts exactly. A comparison that could not be meant (a name
with a number, a percentage above 100, a word that nobody knows) is refused where it stands, and never just false. A
date is a whole day in the document's `time_zone`; a timestamp without a zone is told by its clocks.
"""


def reference() -> str:
    """Return the whole reference, ending with a line break."""
    parts = (
        _OPENING,
        "## Keys\n",
        *sections(),
        "## Conditions\n",
        _MANY_VALUES,
        _conditions(),
        "## Operators\n",
        _operators(),
        "## Kinds of values\n",
        _kinds(),
        "## Fields of statements\n",
        "What completion definitions ask one statement about.\n",
        _fields(STATEMENT_FIELDS),
        "## Fields of completions\n",
        "What rules and their exceptions ask one attempt about, with all of its statements.\n",
        _fields(SUBJECT_FIELDS),
        "## Outcomes\n",
        _outcomes(),
        "## Verbs\n",
        _vocabulary("verbs", VERBS),
        "## Activity types\n",
        _vocabulary("activity types", ACTIVITY_TYPES),
        "## Limits\n",
        _limits(),
    )
    return "\n".join(parts)


def _conditions() -> str:
    groups = [
        ("`all`", "All of these conditions hold.", CONDITIONS["all"]),
        ("`any`", "At least one of these conditions holds.", CONDITIONS["any"]),
        ("`not`", "This condition does not hold.", CONDITIONS["not"]),
        ("`{list: NAME}`", "The values of a named list, wherever values stand.", CONDITIONS["list"]),
        *((f"`{word}`", about, CONDITIONS[word]) for word, about in ABOUT_SENT.items()),
        ("an extension's key", "What stands under that key, compared with what is of its kind.", CONDITIONS["key"]),
    ]
    rows = [(word, about, f"`{example}`") for word, about, example in groups]
    return table(("word", "meaning", "example"), rows) + "\n```yaml\n" + LISTS + "```\n"


def _operators() -> str:
    rows = [(f"`{word}`", row.about, f"`{OPERATOR_EXAMPLES[word]}`") for word, row in OPERATORS.items()]
    return table(("operator", "meaning", "example"), rows)


def _kinds() -> str:
    rows = [
        (kind.value, " ".join(f"`{word}`" for word, row in OPERATORS.items() if kind in row.kinds)) for kind in Kind
    ]
    return table(("kind", "operators"), rows)


def _fields(fields: Mapping[str, Field[Any]]) -> str:
    return table(
        ("field", "kind", "meaning"), [(f"`{name}`", _kind(each), each.about) for name, each in fields.items()]
    )


def _kind(field: Field[Any]) -> str:
    if field.keyed is not None:
        return "under keys: a text, a number, or true or false"
    if field.kind is Kind.OUTCOME:
        return "an [outcome](#outcomes)"
    if field.kind is Kind.VERB:
        return "a [verb](#verbs)"
    if field.kind is Kind.TYPE:
        return "an [activity type](#activity-types)"
    if field.words:
        return f"one of {', '.join(f'`{word}`' for word in field.words)}"
    if field.limits is not None:
        return f"{field.kind.value} from {field.limits[0]} to {field.limits[1]}"
    return str(field.kind.value)


def _outcomes() -> str:
    rows = [(f"`{each}`", ABOUT_OUTCOMES[each], "yes" if each in ENDS else "no, a step on the way") for each in Outcome]
    return table(("outcome", "what a statement says with it", "may an attempt end as that?"), rows)


def _vocabulary(what: str, names: Mapping[str, tuple[str, ...]]) -> str:
    opening = (
        f"Short names of {what}, each for all of its IRIs, and more with an imported profile. A full IRI means itself"
        " alone; `http(s)` stands for both schemes.\n\n"
    )
    rows = [(f"`{name}`", ", ".join(f"`{iri}`" for iri in _merged(iris))) for name, iris in names.items()]
    return opening + table(("short name", "IRIs"), rows)


def _merged(iris: Sequence[str]) -> Iterator[str]:
    """The IRIs, with their twins in the other scheme told in one."""
    ends = [iri.partition(":")[2] for iri in iris]
    for end in dict.fromkeys(ends):
        yield f"http(s):{end}" if ends.count(end) > 1 else iris[ends.index(end)]


def _limits() -> str:
    rows = (
        ("a document", f"{MAX_BYTES // 1024:,} KiB"),
        ("a list's CSV file", f"{MAX_LIST_BYTES // 1024 // 1024} MiB, {MAX_VALUES:,} rows"),
        ("values and keys of a document, aliases followed", f"{MAX_NODES:,}"),
        ("levels of nesting", f"{MAX_DEPTH}"),
        ("characters of a key", f"{MAX_KEY:,}"),
        ("characters of a text", f"{MAX_TEXT:,}; of a title, a reason or a name 2,000"),
        ("characters of an id", "100"),
    )
    return table(("what", "at most"), rows)
