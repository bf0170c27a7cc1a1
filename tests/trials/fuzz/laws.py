"""What has to hold for whatever was sent. One row of `LAWS` per law: its sentence, and what is wrong ("": it holds)."""

from __future__ import annotations

import csv
import io
import re
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser

from markupsafe import escape

from trials.fuzz.journey import Answer, Journey
from trials.fuzz.payloads import MARK, PROPERTIES

csv.field_size_limit(sys.maxsize)  # a cell may hold a name of any length

#: CPU seconds for one input of ordinary size, all its pages included.
SECONDS = 2.0
#: Most that the process may ever take, in MB.
MEMORY = 500

#: What no template writes. Attributes that broke out of their quotes are found by the parser.
_UNESCAPED = re.compile(
    rf"""</?\s*{MARK}|<(?:img(?!\ssrc="/static/)|iframe|object|embed|base|svg/)|<script(?![^>]*\ssrc="/static/)"""
    r"""|\s(?:href|src|action|formaction)\s*=\s*["']?\s*(?:javascript|data|vbscript):""",
    re.IGNORECASE,
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LITERAL = re.compile(rb'"((?:[^"\\]|\\.){8,200})"')
#: A literal is somebody's own if it could be no word of ours.
_OWN = re.compile(r"[:/@<>=\d]")
#: What a reason may name all the same: the properties of xAPI, and its own examples.
_KNOWN = frozenset({*PROPERTIES, "2026-11-21T19:28:20.000Z", "PT1H30M"})


class Broken(AssertionError):
    """A law does not hold; `law` is its sentence."""

    def __init__(self, law: str, detail: str) -> None:
        super().__init__(f"{law}: {detail}")
        self.law = law


def judge(journey: Journey, seconds: float = SECONDS, memory: float | None = MEMORY) -> None:
    """Raises Broken for the first law that does not hold. `memory` None: this process does other things as well."""
    for law, wrong_in in LAWS.items():
        detail = wrong_in(journey)
        if detail:
            raise Broken(law, detail)
    if journey.seconds > seconds:
        raise Broken("no input takes longer than its time", f"{journey.seconds:.1f} s of CPU time")
    if memory is not None and peak_memory() > memory:
        raise Broken(f"the memory stays under {memory} MB", f"{peak_memory():.0f} MB")


def peak_memory() -> float:
    """The most that this process ever took, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_one_place(journey: Journey) -> str:
    kept, held, report = set(journey.kept), {each.body for each in journey.held}, journey.pulled
    if kept & held:
        return "a record is kept and in quarantine as well"
    if (report.new, report.quarantined, report.noise) != (len(journey.kept), len(journey.held), journey.noise):
        return f"the report says {report.counts()}, the store something else"
    again = sum(body in held for body in journey.records) - len(journey.held)
    accounted = report.new + report.duplicates + report.noise + report.quarantined + again
    return "" if accounted == report.read == len(journey.records) else f"{report.counts()}, {again} held before"


def _unchanged(journey: Journey) -> str:
    return "" if set(journey.kept) <= set(journey.records) else "what is kept was never sent so"


def _whole(journey: Journey) -> str:
    held = {each.body for each in journey.held}
    return "" if held <= set(journey.records) else "what is in quarantine was never sent so"


def _reasoned(journey: Journey) -> str:
    for held in journey.held:
        if not held.reason.strip():
            return "a reason is empty"
        if MARK in held.reason or any(literal in held.reason for literal in _literals(held.body)):
            return f"the reason quotes the record: {held.reason}"
    return ""


def _literals(body: bytes) -> Iterator[str]:
    for found in _LITERAL.findall(body):
        text = found.decode("utf-8", "replace")
        if _OWN.search(text) and text not in _KNOWN:
            yield text


def _planned(journey: Journey) -> str:
    bad = [report for report in (*journey.planned, *journey.planned_again) if not report.ok]
    return f"{journey.troubles or bad}" if bad or journey.troubles else ""


def _at_rest(journey: Journey) -> str:
    writes = [report.writes for report in journey.planned_again]
    return f"{writes} writes" if any(writes) else ""


def _known(journey: Journey) -> str:
    report = journey.repeated
    return "" if report.new == report.quarantined == 0 else f"{report.counts()}"


def _answered(journey: Journey) -> str:
    return ", ".join(f"{each.path}: {each.status}" for each in journey.answers if each.status != 200)


def _escaped(journey: Journey) -> str:
    for answer in _web_pages(journey):
        found = _UNESCAPED.search(answer.text)
        if found is not None:
            return f"{answer.path}: …{answer.text[max(0, found.start() - 60) : found.end() + 40]}…"
        if MARK in answer.text:
            parser = _Strangers()
            parser.feed(answer.text)
            if parser.found:
                return f"{answer.path}: {parser.found}"
    return ""


def _visible(journey: Journey) -> str:
    texts = {each.path: each.text for each in journey.answers}
    missing = [path for path, name in journey.shown if str(escape(name)) not in texts[path]]
    return f"the name is not on {missing}" if missing else ""


def _harmless(journey: Journey) -> str:
    for answer in journey.answers:
        if "format=csv" in answer.path:
            cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
            bad = [cell for cell in cells if cell.startswith(_FORMULA) and not _is_number(cell)]
            if bad:
                return f"{answer.path}: {bad[0][:80]!r}"
    return ""


def _discreet(journey: Journey) -> str:
    if MARK in journey.pulled.error:
        return f"the report of the pull says {journey.pulled.error}"
    telling = [event for event in journey.logged if MARK in str(event)]
    return f"{telling[0]['event']} logs {sorted(telling[0])}" if telling else ""


def _told(journey: Journey) -> str:
    return "" if journey.delivered.ok else f"{journey.delivered}"


def _web_pages(journey: Journey) -> Iterator[Answer]:
    return (each for each in journey.answers if "format=csv" not in each.path)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class _Strangers(HTMLParser):
    """Elements and attributes that no template wrote: with the mark in their name, or with a script in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [tag, *(name for name, _ in attrs)]
        if any(MARK in name or name.startswith("on") for name in names):
            self.found = f"<{tag} {' '.join(names[1:])}>"


LAWS: Mapping[str, Callable[[Journey], str]] = {
    "each record ends in one place": _in_one_place,
    "what is kept is kept byte for byte": _unchanged,
    "what is put aside is there whole": _whole,
    "what is put aside has a reason that quotes nothing": _reasoned,
    "everybody can be planned": _planned,
    "planning twice writes nothing": _at_rest,
    "what was taken in is known when it comes again": _known,
    "every page answers": _answered,
    "what others wrote is escaped": _escaped,
    "what was accepted is shown": _visible,
    "no cell of a file is a formula": _harmless,
    "no log line and no error says what others wrote": _discreet,
    "every letter can be written": _told,
}
