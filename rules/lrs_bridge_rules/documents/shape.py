"""Whether a document has the shape of its model: what pydantic finds, said for people and at its place.

`compiler` asks for every document; what is a condition (`when`) is checked by `conditions.reader`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from lrs_bridge_rules.documents.document import FROM_FILE, WRITTEN_OUT, DocumentModel
from lrs_bridge_rules.documents.vocabulary import SHIPPED, Vocabulary
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Node, Place, Problems


def check_shape(root: Node, problems: Problems, vocabulary: Vocabulary = SHIPPED) -> DocumentModel | None:
    """Return the model of a document, or None with every problem recorded at its place."""
    try:
        return DocumentModel.model_validate({} if root.value is None else root.plain(), context=vocabulary)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_context=True):
            path = tuple(step for step in found["loc"] if step not in (WRITTEN_OUT, FROM_FILE))
            place, message = _explained(root, path, found["type"], found["msg"])
            problems.add(place, message)
        return None


def _explained(root: Node, path: tuple[str | int, ...], kind: str, message: str) -> tuple[Place, str]:
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        return root.key_place(path), f"unknown key {str(path[-1])!r}{nearest(str(path[-1]), known)}"
    if kind == "missing":
        return root.place_of(path[:-1]), f"the key {str(path[-1])!r} is missing"
    if kind == "string_pattern_mismatch":
        return root.place_of(path), "an id is made of letters, digits, '.', '_' and '-'"
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "document")
    plain = f"{key}: {text[0].lower()}{text[1:]}" if text.startswith("Input ") else text
    return root.place_of(path), plain


def _keys_at(path: tuple[str | int, ...]) -> list[str]:
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
