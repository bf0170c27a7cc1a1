"""A guide that is followed to the letter: its files are written, its commands are run, and what they print is compared.

A ```yaml block whose first line is a comment with a path is that file; a ```json block is the file whose name ends the
sentence before it. A ```console block holds commands behind `$`,
each with what it prints; `| head -N` cuts it, and `…` stands for anything that differs from one day to the next.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from lrs_bridge.cli.program import run
from lrs_bridge.cli.session import Session

_BLOCK = re.compile(r"^```(yaml|json|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (\S+\.ya?ml)\n")
_NAMED = re.compile(r"`(\S+\.json)`:\n\n$")
_HEAD = re.compile(r"^(.*?) \| head -(\d+)$")
#: What goes by while it works, and leaves nothing behind on a terminal.
_PROGRESS = re.compile(r"^\d+ of \d+ learners: ")
#: What no two runs have in common.
_SECONDS = re.compile(r"\bin \d+\.\d s\b")
_EXIT = re.compile(r"^\(ends with (\d)\)$")


@dataclass(frozen=True)
class WrittenFile:
    """A file that the reader is asked to write; `line` is where the guide shows it."""

    line: int
    path: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command, what the guide says that it prints, and the exit code that it names (0 if none)."""

    line: int
    words: str
    shown: str
    code: int = 0


def steps_of(text: str) -> Iterator[WrittenFile | Command]:
    """What a reader of the guide does, in order."""
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 2
        if block[1] == "console":
            yield from _commands(line, block[2])
        elif found := _FILE.match(block[2]) or _NAMED.search(text, 0, block.start()):
            yield WrittenFile(line, found[1], block[2])


def _commands(line: int, block: str) -> Iterator[Command]:
    for piece in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if not piece.startswith("$ "):
            continue
        words, _, shown = piece[2:].partition("\n")
        lines = shown.rstrip("\n").splitlines()
        ends = _EXIT.match(lines[-1]) if lines else None
        yield Command(line, words, "\n".join(lines[:-1] if ends else lines), int(ends[1]) if ends else 0)
        line += piece.count("\n")


def follow(step: WrittenFile | Command, folder: Path, session: Session) -> tuple[int, str]:
    """Do one step in a folder; return the exit code, and what a reader sees in a terminal of 80 columns."""
    if isinstance(step, WrittenFile):
        path = folder / step.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(step.text, "utf-8")
        return 0, ""
    cut = _HEAD.match(step.words)
    program, *arguments = shlex.split(cut[1] if cut else step.words)
    assert program == "lrs-bridge", f"line {step.line}: only lrs-bridge can be tried here, not {program}"
    seen = StringIO()
    with chdir(folder), patch.dict(os.environ, {"COLUMNS": "80"}), redirect_stdout(seen), redirect_stderr(seen):
        code = run(arguments, session)
    written = (line.rstrip() for line in seen.getvalue().rstrip("\n").splitlines())
    lines = [_SECONDS.sub("in … s", line) for line in written if not _PROGRESS.match(line)]
    return code, "\n".join(lines[: int(cut[2])] if cut else lines)


def agrees(shown: str, seen: str) -> bool:
    """Whether the guide shows what is seen; a line of `…` stands for any lines, and `…` in a line for any text."""
    pattern = "\n".join(re.escape(line).replace("…", ".*?") for line in shown.splitlines())
    return re.fullmatch(re.sub(r"(?m)^\.\*\?$", r"(?s:.*?)", pattern), seen) is not None


def rewritten(text: str, seen: dict[tuple[int, str], tuple[int, str]]) -> str:
    """The guide with what was seen instead of what it shows, by the line and words of each command."""

    def block(found: re.Match[str]) -> str:
        if found[1] != "console":
            return found[0]
        line = text.count("\n", 0, found.start()) + 2
        return f"```console\n{''.join(_shown(step, seen) for step in _commands(line, found[2]))}```"

    return _BLOCK.sub(block, text)


def _shown(step: Command, seen: dict[tuple[int, str], tuple[int, str]]) -> str:
    code, output = seen[step.line, step.words]
    ends = f"(ends with {code})\n" if code else ""
    return f"$ {step.words}\n{output}\n{ends}" if output else f"$ {step.words}\n{ends}"
