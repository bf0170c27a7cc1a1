"""Rules as files: which version they were drawn up from, how they differ from it, and a version written into a folder.

Files are the starting point and the form in which rules are carried about; what counts is the version in force. A file
`.lrs-bridge-version` beside the documents says from which version they come. `export` writes it and publishing renews
it, so that of two people who began with the same version the second is told what the first did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.differences.difference import Difference, difference
from lrs_bridge_rules.documents.loader import shipped_pack, sources_of
from lrs_bridge_rules.documents.tree import PACK_FOLDER
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.wording import enumerated

MARK: Final = ".lrs-bridge-version"
_DOCUMENTS: Final = (".yaml", ".yml")
#: What beside a document would count too when the folder is read.
_COUNTING: Final = (*_DOCUMENTS, ".json", ".jsonld")
_MARKED: Final = re.compile(r"^version: ([1-9][0-9]{0,8})\ndigest: ([0-9a-f]{64})$", re.MULTILINE)
_MARK_TEXT: Final = """\
# From which published version of the rules these files were drawn up; `lrs-bridge rules publish` looks here.
version: {number}
digest: {digest}
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """The version that files were drawn up from; the digest keeps another installation's number from being taken."""

    number: int
    digest: str


def origin_of(paths: Sequence[Path]) -> Origin | None:
    """What the marks beside these files say; of several the lowest version. None where there is none to be read."""
    found = [origin for folder in _folders(paths) if (origin := _marked(folder / MARK)) is not None]
    return min(found, key=lambda origin: origin.number, default=None)


def mark(paths: Sequence[Path], origin: Origin) -> None:
    """Note in the folders among these paths, and wherever a mark stands, what the files come from.

    A folder that cannot be written to is passed over: the rules are published, and `unmarked` tells of it.
    """
    for folder in _folders(paths):
        if folder in paths or (folder / MARK).exists():
            with suppress(OSError):
                _write_mark(folder, origin)


def unmarked(paths: Sequence[Path], number: int) -> tuple[Path, ...]:
    """The marks that do not say this number, though they should after publishing it from there."""
    wanted = [folder / MARK for folder in _folders(paths) if folder in paths or (folder / MARK).exists()]
    return tuple(file for file in wanted if (origin := _marked(file)) is None or origin.number != number)


def _write_mark(folder: Path, origin: Origin) -> None:
    (folder / MARK).write_text(_MARK_TEXT.format(number=origin.number, digest=origin.digest), "utf-8")


def _folders(paths: Sequence[Path]) -> Iterable[Path]:
    return dict.fromkeys(path if path.is_dir() else path.parent for path in paths)


def _marked(file: Path) -> Origin | None:
    try:
        found = _MARKED.search(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return Origin(int(found[1]), found[2]) if found is not None else None


class DriftState(StrEnum):
    """How the configured files stand towards the version in force."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Drift:
    """What publishing the files in `path` would change. `problem` is the first that makes them unreadable."""

    path: Path
    state: DriftState
    difference: Difference = field(default_factory=Difference)
    problem: str = ""


def drift(path: Path, active: RulesetVersion) -> Drift:
    """Compare the configured files with the version in force; where both are the same texts, without parsing any."""
    if not path.exists():
        return Drift(path, DriftState.MISSING)
    try:
        if _same_texts(path, active.documents):
            return Drift(path, DriftState.SAME)
        found = difference(active.documents, sources_of([path]))
    except DocumentError as error:
        return Drift(path, DriftState.UNREADABLE, problem=str(error.problems[0]))
    except OSError as error:
        return Drift(path, DriftState.UNREADABLE, problem=f"{path}: {error.strerror}")
    return Drift(path, DriftState.DIFFERENT if found else DriftState.SAME, found)


def _same_texts(path: Path, documents: Mapping[str, str]) -> bool:
    """Whether the files are the documents of a version, byte for byte, and its packs are those that would be taken."""
    own = [documents[name] for name in sorted(documents) if not name.startswith(PACK_FOLDER)]
    packs = {name: text for name, text in documents.items() if name.startswith(PACK_FOLDER)}
    if not path.is_dir() or not all(name.endswith(_DOCUMENTS) for name in documents):
        return False
    files = sorted(file for file in path.iterdir() if file.suffix in _DOCUMENTS and file.is_file())
    return [_text_of(file) for file in files] == own and all(
        _text_of(path / name) == text if (path / name).exists() else shipped_pack(_pack_name(name)) == text
        for name, text in packs.items()
    )


def _text_of(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _pack_name(document: str) -> str:
    return PurePosixPath(document).stem


def export(version: RulesetVersion, into: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write a version into a folder, so that publishing the folder gives the same rules; returns what was written.

    Packs that are as they are shipped are left out. Raises ActRefused if a file is there already and `force` does not
    say that it may be overwritten, or if other documents stand there that would count too.
    """
    files = {into / name: text for name, text in file_names(version.documents).items()}
    strangers = [file for file in _counting(into) if file not in files]
    if strangers:
        raise ActRefused(
            f"In {into} stand other documents, which would count too: {_listed(strangers)}.",
            "Export into another folder, or move them away.",
        )
    there = [file for file in (*files, into / MARK) if file.exists()]
    if there and not force:
        raise ActRefused(f"There already: {_listed(there)}.", "Export into another folder, or overwrite with --force.")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    into.mkdir(parents=True, exist_ok=True)
    _write_mark(into, Origin(version.number, version.digest))
    return (*files, into / MARK)


def _counting(folder: Path) -> list[Path]:
    files = [file for file in (*folder.glob("*"), *(folder / PACK_FOLDER).glob("*.yaml")) if file.is_file()]
    return sorted(file for file in files if file.suffix in _COUNTING)


def _listed(files: Iterable[Path]) -> str:
    return enumerated(map(str, files), most=3)


def file_names(documents: Mapping[str, str]) -> dict[str, str]:
    """The texts of a version by the names of the files to write: as they were called, without their folders.

    The order in which documents count is that of their names. Where names without folders would change it, or meet,
    they are numbered. Raises ActRefused if two list files of different folders would need the same name.
    """
    own = [name for name in sorted(documents) if _is_own(name)]
    plain = [_with_suffix(PurePosixPath(name).name) for name in own]
    keeps_order = sorted(plain) == plain and len(set(plain)) == len(plain)
    chosen = plain if keeps_order else [f"{number:02}-{name}" for number, name in enumerate(plain, start=1)]
    files = {file: documents[name] for file, name in zip(chosen, own, strict=True)}
    folders = {PurePosixPath(name).parent for name in own}
    for name, text in documents.items():
        if name.startswith(PACK_FOLDER):
            if shipped_pack(_pack_name(name)) != text:
                files[name] = text
        elif not _is_own(name):
            file = _beside(name, folders)
            if files.setdefault(file, text) != text:
                raise ActRefused(f"Two files of this version are called {file}.", "Export a version of one folder.")
    return files


def _is_own(name: str) -> bool:
    return not name.startswith(PACK_FOLDER) and not name.endswith((".csv", ".json", ".jsonld"))


def _with_suffix(name: str) -> str:
    return name if name.endswith(_DOCUMENTS) else f"{name}.yaml"


def _beside(name: str, folders: Iterable[PurePosixPath]) -> str:
    """Where a file stands, seen from the folder of the document that names it: the deepest that holds it."""
    path = PurePosixPath(name)
    holding = [folder for folder in folders if path.is_relative_to(folder)]
    return path.relative_to(max(holding, key=lambda folder: len(folder.parts))).as_posix() if holding else path.name
