"""Collects rule documents: files and folders, and the packs that they include, to trees and these to a `Ruleset`.

The only module of this package that knows the file system; `reading` knows YAML.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.compiler import compile_documents
from lrs_bridge_rules.documents.reading import MAX_BYTES, parse
from lrs_bridge_rules.documents.tree import Place, Problems
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    from lrs_bridge_rules.documents.tree import Node
    from lrs_bridge_rules.ruleset import Ruleset

PACK_FOLDER: Final = "packs/"


def available_packs() -> tuple[str, ...]:
    """Return the names of the packs that are shipped."""
    return tuple(sorted(file.name[:-5] for file in _pack_folder().iterdir() if file.name.endswith(".yaml")))


def load(paths: Sequence[Path]) -> Ruleset:
    """Return the ruleset of some files and folders (their *.yaml and *.yml) and the packs that they include.

    Raises DocumentError with everything that is wrong.
    """
    return load_texts(_texts_of(paths))


def sources_of(paths: Sequence[Path]) -> dict[str, str]:
    """Return the full texts, packs included, by name: what a published version keeps."""
    texts, _ = _complete(_texts_of(paths), problems := Problems())
    problems.raise_if_any()
    return texts


def load_texts(texts: Mapping[str, str]) -> Ruleset:
    """Return the ruleset of named texts. A pack among them (`packs/NAME.yaml`) is used instead of the shipped one.

    Raises DocumentError with everything that is wrong.
    """
    complete, roots = _complete(texts, problems := Problems())
    return compile_documents(complete, roots, problems)


def _texts_of(paths: Sequence[Path]) -> dict[str, str]:
    problems = Problems()
    texts: dict[str, str] = {}
    for path in (file for given in paths for file in _files(given)):
        try:
            with path.open("rb") as file:
                texts[path.as_posix()] = file.read(MAX_BYTES + 1).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problems.add(Place(path.as_posix()), f"cannot be read: {reason}")
    problems.raise_if_any()
    return texts


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and file.is_file())
    return [path]


def _complete(texts: Mapping[str, str], problems: Problems) -> tuple[dict[str, str], list[Node]]:
    """Parse the given documents by name, then the packs that they include, each once, in the order of inclusion."""
    complete: dict[str, str] = {}
    roots: list[Node] = []
    waiting = [(name, texts[name]) for name in sorted(texts) if not name.startswith(PACK_FOLDER)]
    while waiting:
        name, text = waiting.pop(0)
        complete[name] = text
        root = parse(name, text, problems)
        if root is None:
            continue
        roots.append(root)
        for node in root.entries("include"):
            pack = f"{PACK_FOLDER}{node.value}.yaml"
            if pack not in complete and pack not in dict(waiting):
                found = texts.get(pack) or _shipped(node, problems)
                waiting += [(pack, found)] if found is not None else []
    return complete, roots


def _shipped(node: Node, problems: Problems) -> str | None:
    packs = available_packs()
    if node.value not in packs:
        hint = nearest(str(node.value), packs) or f" (known: {', '.join(packs)})"
        problems.add(node.place, f"unknown pack {node.value!r}{hint}")
        return None
    return (_pack_folder() / f"{node.value}.yaml").read_text("utf-8")


def _pack_folder() -> Traversable:
    """Return where the packs are: inside the installed package, or beside it in a checkout."""
    inside = resources.files("lrs_bridge_rules") / "packs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "packs"
