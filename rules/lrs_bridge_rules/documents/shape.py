"""Whether a document has the shape of its model: what pydantic finds, said for people and at its place.

`compiler` asks for every document; what is a condition (`when`) is checked by `conditions.reader`. Each message says
what was expected and what stands there instead; where several forms are allowed, one message names them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from lrs_bridge_rules.conditions.operands import described
from lrs_bridge_rules.documents.document import FROM_FILE, WRITTEN_OUT, DocumentModel
from lrs_bridge_rules.documents.parts import Part
from lrs_bridge_rules.documents.reading import resolved
from lrs_bridge_rules.documents.vocabulary import SHIPPED, Vocabulary
from lrs_bridge_rules.nearest import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic_core import ErrorDetails

    from lrs_bridge_rules.documents.tree import Node, Place, Problems, Step

Path = tuple["Step", ...]

#: How pydantic says that the key of a mapping is meant, and not what stands under it.
_KEY: Final = "[key]"
#: Nobody reads more at once; to look at hundreds of thousands would take long.
_MOST_ERRORS: Final = 5_000
#: Of more keys than this, only the needed ones are named.
_MOST_KEYS: Final = 6


def check_shape(root: Node, problems: Problems, vocabulary: Vocabulary = SHIPPED) -> DocumentModel | None:
    """Return the model of a document, or None with every problem recorded at its place."""
    try:
        return DocumentModel.model_validate({} if root.value is None else root.plain(), context=vocabulary)
    except ValidationError as error:
        for place, message in _explained(root, error.errors(include_url=False, include_input=False)[:_MOST_ERRORS]):
            problems.add(place, message)
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    """One finding of pydantic; `path` has only the steps that the document has, `steps` those of the models too."""

    path: Path
    steps: Path
    kind: str
    message: str
    value: object
    context: Mapping[str, Any]

    @property
    def expectation(self) -> str | None:
        """What was expected, where the finding is about the kind of a value."""
        say = _EXPECTED.get(self.kind)
        return say(self) if say is not None else None

    @property
    def key(self) -> str:
        return next((f"{step}: " for step in reversed(self.path) if isinstance(step, str)), "")


def _explained(root: Node, errors: list[ErrorDetails]) -> Iterable[tuple[Place, str]]:
    found = [_found(root, error) for error in errors]
    deeper = {each.path[:length] for each in found for length in range(len(each.path))}
    forms: dict[Path, list[_Found]] = {}
    for each in found:
        if each.kind in _PLACED:
            yield _PLACED[each.kind](root, each)
        elif each.expectation is None:
            yield _place(root, each), _said(each)
        elif each.path not in deeper:  # another form of the same value got further, and says what is wrong with it
            forms.setdefault(each.path, []).append(each)
    for several in forms.values():
        yield _place(root, several[0]), _mismatch(several)


def _found(root: Node, error: ErrorDetails) -> _Found:
    steps = tuple(step for step in error["loc"] if step not in (WRITTEN_OUT, FROM_FILE))
    node, path = root, list[str | int]()
    for step in steps:
        below = node.child(step)
        if below is not None:
            node = below
            path.append(step)
    value = path[-1] if steps[-1:] == (_KEY,) else node.plain()
    return _Found(tuple(path), steps, error["type"], error["msg"], value, error.get("ctx", {}))


def _place(root: Node, found: _Found) -> Place:
    if found.steps[-1:] == (_KEY,):
        return root.key_place(found.path)
    return root.place_of(found.path)


def _unknown(root: Node, found: _Found) -> tuple[Place, str]:
    *above, key = found.steps
    hint = nearest_or_all(str(key), _keys_at(tuple(above)), most=12)
    return root.key_place(found.path), f"unknown key {_quoted(str(key))}{hint}"


def _missing(root: Node, found: _Found) -> tuple[Place, str]:
    return root.place_of(found.path), f"the key {str(found.steps[-1])!r} is missing"


_PLACED: Final[Mapping[str, Callable[[Node, _Found], tuple[Place, str]]]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
}


def _said(found: _Found) -> str:
    """Return what is wrong with a value of the right kind; what says only what was expected also says what there is."""
    if found.kind in _PLAIN:
        return f"{found.key}{_PLAIN[found.kind](found)}"
    text = found.message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return f"{found.key}{text}, not {_what(found.value)}" if text.startswith("expected") else text


def _mismatch(several: list[_Found]) -> str:
    first = several[0]
    if first.kind in _WORDS and len(several) == 1 and isinstance(first.value, str):
        return f"{first.key}unknown word {_quoted(first.value)}{nearest_or_all(first.value, _words(first))}"
    expected = " or ".join(dict.fromkeys(str(each.expectation) for each in several))
    hint = next((_HINTS[each.kind](each.value) for each in several if each.kind in _HINTS), "")
    return f"{first.key}expected {expected}, not {_what(first.value)}{hint}"


def _what(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"the text {_quoted(value)}" if isinstance(value, str) else described(value)


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def _words(found: _Found) -> list[str]:
    """Return the words of an enumeration, out of pydantic's sentence `'a', 'b' or 'c'`."""
    return [word for number, word in enumerate(str(found.context.get("expected", "")).split("'")) if number % 2]


def _one_of(found: _Found) -> str:
    *some, last = _words(found) or [str(found.context.get("expected", ""))]
    return f"{', '.join(some)} or {last}" if some else last


def _mapping(found: _Found) -> str:
    model = next((each for each in Part.__subclasses__() if each.__name__ == found.context.get("class_name")), None)
    fields = {info.alias or name: info for name, info in model.model_fields.items()} if model is not None else {}
    needed = [name for name, info in fields.items() if info.is_required()] or list(fields)
    return f"a mapping with {', '.join(needed)}" if 0 < len(needed) <= _MOST_KEYS else "a mapping"


#: What pydantic found → what was expected.
_EXPECTED: Final[Mapping[str, Callable[[_Found], str]]] = {
    "string_type": lambda _: "a text",
    "float_type": lambda _: "a number",
    "int_type": lambda _: "a whole number",
    "int_from_float": lambda _: "a whole number",
    "bool_type": lambda _: "true or false",
    "list_type": lambda _: "a list",
    "dict_type": lambda _: "a mapping",
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "literal_error": _one_of,
    "enum": _one_of,
    "string_pattern_mismatch": lambda _: "an id of letters, digits, '.', '_' and '-'",
    "greater_than": lambda found: f"a number above {found.context['gt']:g}",
    "greater_than_equal": lambda found: f"a number from {found.context['ge']:g}",
    "less_than_equal": lambda found: f"a number up to {found.context['le']:g}",
}
#: What pydantic found → what is wrong with a value that is of the right kind.
_PLAIN: Final[Mapping[str, Callable[[_Found], str]]] = {
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda found: f"is longer than {found.context['max_length']:,} characters",
    "too_short": lambda _: "must not be empty",
    "too_long": lambda found: f"holds more than {found.context['max_length']:,}",
}
_WORDS: Final = frozenset(("literal_error", "enum"))


def _to_quote(value: object) -> str:
    return "; put it in quotes" if isinstance(value, bool | int | float) else ""


def _to_unquote(value: object) -> str:
    number = resolved(value) if isinstance(value, str) else None
    return "; remove its quotes" if isinstance(number, int | float) and not isinstance(number, bool) else ""


def _to_leave_out(value: object) -> str:
    return "; remove the key, or say what belongs to it" if value is None else ""


def _true_or_false(value: object) -> str:
    words = {"yes": "true", "on": "true", "no": "false", "off": "false", "true": "true", "false": "false"}
    meant = words.get(value.casefold()) if isinstance(value, str) else None
    return f"; write {meant}" if meant is not None else ""


#: What to do about it, where that can be told from the value.
_HINTS: Final[Mapping[str, Callable[[object], str]]] = {
    "string_type": _to_quote,
    "float_type": _to_unquote,
    "int_type": _to_unquote,
    "bool_type": _true_or_false,
    "list_type": _to_leave_out,
    "dict_type": _to_leave_out,
    "model_type": _to_leave_out,
}


def _keys_at(path: Path) -> list[str]:
    """Return the keys that the model allows at a path (steps that pydantic added for unions are passed over)."""
    model: type[BaseModel] = DocumentModel
    for step in path:
        info = model.model_fields.get(str(step)) or next(
            (field for field in model.model_fields.values() if field.alias == step), None
        )
        inner = _model_in(info.annotation) if info is not None else None
        model = inner or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)
