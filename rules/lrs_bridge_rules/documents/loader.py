"""Collects rule documents: files and folders, packs, lists' files that they name, and the profiles beside them.

Makes trees of them, and of these a `Ruleset`. The only module of this package that knows the file system; `reading`
knows YAML, `templates.json_tree` JSON.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.compiler import compile_documents
from lrs_bridge_rules.documents.lists import MAX_LIST_BYTES, SUFFIX, list_files
from lrs_bridge_rules.documents.reading import MAX_BYTES, MAX_DOCUMENTS, Budget, parse
from lrs_bridge_rules.documents.tree import PACK_FOLDER, Place, Problems
from lrs_bridge_rules.nearest import nearest_or_all
from lrs_bridge_rules.templates.library import Library, library_of
from lrs_bridge_rules.templates.profile import SUFFIXES as PROFILES
from lrs_bridge_rules.templates.profile import read_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from lrs_bridge_rules.documents.lists import ListFile
    from lrs_bridge_rules.documents.tree import Node
    from lrs_bridge_rules.ruleset import Ruleset

    Beside = Callable[[ListFile, Problems], str | None]

_SUFFIXES: Final = frozenset((".yaml", ".yml", *PROFILES))


def available_packs() -> tuple[str, ...]:
    """Return the names of the packs that are shipped."""
    return tuple(sorted(file.name[:-5] for file in _pack_folder().iterdir() if file.name.endswith(".yaml")))


def shipped_pack(name: str) -> str | None:
    """Return the text of a pack as this version ships it, None when there is none of that name."""
    return (_pack_folder() / f"{name}.yaml").read_text("utf-8") if name in available_packs() else None


def load(paths: Sequence[Path]) -> Ruleset:
    """Return the ruleset of some files and folders (their *.yaml and *.yml), the packs that they include, and the CSV
    files that their lists name.

    A pack that stands in `packs/` of a folder is used instead of the shipped one, and the folder's xAPI Profiles
    (*.jsonld, and each *.json that says it is one) belong to its rules.

    Raises DocumentError with everything that is wrong.
    """
    complete, roots = _complete(texts_of(paths), problems := Problems(), _read_beside)
    return compile_documents(complete, roots, problems, _library(complete, problems))


def sources_of(paths: Sequence[Path]) -> dict[str, str]:
    """Return the full texts, packs and lists' files included, by name: what a published version keeps."""
    texts, _ = _complete(texts_of(paths), problems := Problems(), _read_beside)
    problems.raise_if_any()
    return texts


def load_texts(texts: Mapping[str, str]) -> Ruleset:
    """Return the ruleset of named texts. A pack among them (`packs/NAME.yaml`) is used instead of the shipped one; a
    list's file has to be among them.

    Names that end in `.jsonld` or `.json` are profiles. Raises DocumentError with everything that is wrong.
    """
    complete, roots = _complete(texts, problems := Problems(), _not_given)
    return compile_documents(complete, roots, problems, _library(complete, problems))


def _library(texts: Mapping[str, str], problems: Problems) -> Library:
    read = (read_profile(name, text, problems) for name, text in texts.items() if name.endswith(PROFILES))
    return library_of([profile for profile in read if profile is not None])


def texts_of(paths: Sequence[Path]) -> dict[str, str]:
    """Return the texts of files, and of folders those that belong to rules, by name. Raises DocumentError."""
    problems = Problems()
    texts: dict[str, str] = {}
    for name, path in (pair for given in paths for pair in _files(given).items()):
        try:
            text = _read(path, MAX_BYTES).decode("utf-8-sig")
            if path in paths or _belongs(path, text):
                texts[name] = text
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problems.add(Place(path.as_posix()), f"cannot be read: {reason}")
    problems.raise_if_any()
    return texts


def _read(path: Path, limit: int) -> bytes:
    """Return what a file holds; of one that is too large only so much that this can be told."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def _not_given(named: ListFile, problems: Problems) -> str | None:
    problems.add(named.place, f"there is no {named.text_name} among the texts")
    return None


def _read_beside(named: ListFile, problems: Problems) -> str | None:
    """Return the text of a list's file, which stands in the folder of its document also once links are followed."""
    path, folder = Path(named.text_name), Path(named.node.place.path).parent
    if named.node.place.in_pack:
        return _not_given(named, problems)
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            problems.add(named.place, f"{path} leads out of the folder of the document")
            return None
        body = _read(path, MAX_LIST_BYTES)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        reason = error.strerror if isinstance(error, OSError) else "its links lead in a circle"
        problems.add(named.place, f"{path} cannot be read: {reason}; a list's file stands beside the document")
        return None
    if len(body) > MAX_LIST_BYTES:
        problems.add(named.place, f"{path} is larger than {MAX_LIST_BYTES // 1024**2} MiB; make several lists of it")
        return None
    return _decoded(body, path, problems)


def _decoded(body: bytes, path: Path, problems: Problems) -> str | None:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        advice = "this is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
        problems.add(Place(path.as_posix(), line), advice)
        return None


def _files(path: Path) -> dict[str, Path]:
    """Return the documents of a folder, and the packs that it has of its own, by name; a file as it is."""
    if not path.is_dir():
        return {_document_name(path): path}
    own = sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES and file.is_file())
    packs = {f"{PACK_FOLDER}{file.name}": file for file in sorted((path / PACK_FOLDER).glob("*.yaml"))}
    return {**{_document_name(file): file for file in own}, **packs}


def _document_name(file: Path) -> str:
    """What somebody names is a document, also in a folder that is called as that of packs, which count if included."""
    name = file.as_posix()
    return f"./{name}" if name.startswith(PACK_FOLDER) else name


def _belongs(path: Path, text: str) -> bool:
    """Any JSON may stand in a folder (a schema, say): a profile says that it is one, in whatever order of its keys."""
    return path.suffix != ".json" or '"Profile"' in text


def _complete(texts: Mapping[str, str], problems: Problems, beside: Beside) -> tuple[dict[str, str], list[Node]]:
    """Parse the given documents by name, then the packs that they include, each once, in the order of inclusion.

    The files of a document's lists follow it; those that are not among the texts are asked of `beside`. Profiles come
    last: they are read by whoever compiles.
    """
    complete: dict[str, str] = {}
    roots: list[Node] = []
    own = sorted(name for name in texts if not name.startswith(PACK_FOLDER) and not name.endswith(SUFFIX))
    waiting = [(name, texts[name]) for name in own if not name.endswith(PROFILES)]
    if len(waiting) > MAX_DOCUMENTS:
        problems.add(Place(waiting[MAX_DOCUMENTS][0]), f"more than {MAX_DOCUMENTS:,} documents; put some together")
        problems.raise_if_any()
    budget = Budget()
    while waiting:
        name, text = waiting.pop(0)
        complete[name] = text
        root = parse(name, text, problems, budget)
        if root is None:
            continue
        roots.append(root)
        for named in list_files(root):
            known = {**texts, **complete}.get(named.text_name)
            body = known if known is not None else beside(named, problems)
            if body is not None:
                complete[named.text_name] = body
        asked = {node.value: node for node in reversed([*root.entries("include")]) if isinstance(node.value, str)}
        for node in reversed(asked.values()):
            pack = f"{PACK_FOLDER}{node.value}.yaml"
            if pack not in complete and pack not in dict(waiting):
                found = texts.get(pack) or _shipped(node, problems)
                waiting += [(pack, found)] if found is not None else []
    return complete | {name: texts[name] for name in own if name.endswith(PROFILES)}, roots


def _shipped(node: Node, problems: Problems) -> str | None:
    packs = available_packs()
    if node.value not in packs:
        problems.add(node.place, f"unknown pack {node.value!r}{nearest_or_all(str(node.value), packs, most=99)}")
        return None
    return (_pack_folder() / f"{node.value}.yaml").read_text("utf-8")


def _pack_folder() -> Traversable:
    """Return where the packs are: inside the installed package, or beside it in a checkout."""
    inside = resources.files("lrs_bridge_rules") / "packs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "packs"
