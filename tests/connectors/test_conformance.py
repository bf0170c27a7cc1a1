"""Every source keeps the protocol of `source.py`: the same checks for the LRS over HTTP and for files of each kind."""

import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Response

from lrs_bridge_connectors.conformance import CHECKS, START, Broken, Harness, a_body, reads_a_window
from lrs_bridge_connectors.files import FileSource
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Found, Health, Page, Part, Presence, Source, Window
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic

PAGE_SIZE = 4


class LrsHarness:
    """A sandbox behind real HTTP. What no LRS can hold, broken JSON, is put into its answers on the way out."""

    page_size = PAGE_SIZE

    def __init__(self, version: str) -> None:
        self.lrs = SandboxLrs(lambda: START + timedelta(days=1))
        self.endpoint = ""
        self.version: Any = version

    def put(self, bodies: Sequence[bytes]) -> None:
        self.lrs.load(bodies)

    def put_broken(self, before: Sequence[bytes], broken: bytes, after: Sequence[bytes]) -> None:
        placeholder = a_body(0).replace(b"ada@", b"placeholder@").replace(b"00000000-0000", b"99999999-0000")

        def breaking(response: Response) -> Response:
            response.set_data(response.get_data().replace(placeholder, broken))
            return response

        self.lrs.app.after_request(breaking)
        self.put([*before, placeholder, *after])

    def source(self) -> Source:
        config = XapiConfig(
            name="lrs",
            endpoint=self.endpoint,
            auth=Basic("sandbox", "sandbox"),
            version=self.version,
            page_limit=PAGE_SIZE,
            overlap=timedelta(0),  # the hardest case: nothing is read twice but by need,
        )
        return XapiSource(config)


class FileHarness:
    """One file, replaced with every `put` by a longer one, as `text` makes it out of the bodies."""

    page_size = PAGE_SIZE

    def __init__(self, path: Path, text: Callable[[list[bytes]], bytes]) -> None:
        self.path, self.text = path, text
        self.bodies: list[bytes] = []

    def put(self, bodies: Sequence[bytes]) -> None:
        self.bodies += bodies
        new = self.path.with_suffix(".new")
        new.write_bytes(self.text(self.bodies))
        # A later time for each writing, however coarse the clock of the file system is.
        os.utime(new, ns=(0, len(self.bodies) * 1_000_000_000))
        new.replace(self.path)  # whoever reads at this moment goes on with the old one

    def put_broken(self, before: Sequence[bytes], broken: bytes, after: Sequence[bytes]) -> None:
        self.put([*before, broken, *after])

    def source(self) -> Source:
        return FileSource("file", self.path, page_records=PAGE_SIZE)


def as_lines(bodies: list[bytes]) -> bytes:
    return b"".join(body + b"\n" for body in bodies)


def as_array(bodies: list[bytes]) -> bytes:
    return b"[\n" + b",\n".join(bodies) + b"\n]\n"


def as_result(bodies: list[bytes]) -> bytes:
    return b'{"more": "", "statements":' + as_array(bodies) + b"}"


TEXTS = (as_lines, as_array, as_result)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_xapi_source_keeps_the_protocol(check: Callable[[Harness], None], version: str) -> None:
    harness = LrsHarness(version)
    with harness.lrs.serve() as serving:
        harness.endpoint = serving.endpoint

        check(harness)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_file_source_keeps_the_protocol(
    check: Callable[[Harness], None], text: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    check(FileHarness(tmp_path / "statements.json", text))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_file_source_keeps_the_protocol_for_gzip(
    check: Callable[[Harness], None], text: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    check(FileHarness(tmp_path / "statements.json.gz", lambda bodies: gzip.compress(text(bodies), mtime=0)))


class Forgetful:
    """A source that leaves out the last record of each page, promises that all is well, and cannot read windows."""

    name = "forgetful"

    def __init__(self, inner: Source) -> None:
        self.inner = inner

    def pages(self, cursor: str | None) -> Iterator[Page]:
        for page in self.inner.pages(cursor):
            yield Page(page.records[:-1], page.cursor, page.latest)

    def window(self, window: Window) -> Iterator[Page]:
        return self.inner.window(Window())

    def check(self) -> Health:
        return Health(False, "unwell")


# What leaving out records, reading no bounds and being unwell does not break.
UNTOUCHED = {"reads_nothing_from_nothing", "never_moves_a_cursor_back"}
# Promises about abilities that this source does not have.
OPTIONAL = {"reads_parts_that_join", "looks_up_single_statements"}


@pytest.mark.parametrize("check", [check for check in CHECKS if check.__name__ not in UNTOUCHED | OPTIONAL])
def test_a_source_that_breaks_its_promises_is_found_out(check: Callable[[Harness], None], tmp_path: Path) -> None:
    class ForgetfulHarness(FileHarness):
        def source(self) -> Source:
            return Forgetful(super().source())

    with pytest.raises((Broken, ValueError)):
        check(ForgetfulHarness(tmp_path / "statements.jsonl", as_lines))


def test_what_is_broken_is_said_in_a_sentence(tmp_path: Path) -> None:
    class ForgetfulHarness(FileHarness):
        def source(self) -> Source:
            return Forgetful(super().source())

    with pytest.raises(Broken, match="a window holds what is after since, up to until: 0 missing, 6 too many"):
        reads_a_window(ForgetfulHarness(tmp_path / "statements.jsonl", as_lines))


class Leaky(XapiSource):
    """Leaves out the last record of each part, and knows no single statement."""

    def parts(self, window: Window) -> Iterator[Part]:
        for part in super().parts(window):
            yield Part(part.window, part.records[:-1])

    def look_up(self, statement_id: str) -> Found:
        return Found(Presence.ABSENT)


@pytest.mark.parametrize("check", [check for check in CHECKS if check.__name__ in OPTIONAL])
def test_an_ability_that_does_not_keep_its_promise_is_found_out(check: Callable[[Harness], None]) -> None:
    class LeakyHarness(LrsHarness):
        def source(self) -> Source:
            source = super().source()
            assert isinstance(source, XapiSource)
            return Leaky(source.config)

    harness = LeakyHarness("1.0.3")
    with harness.lrs.serve() as serving:
        harness.endpoint = serving.endpoint
        with pytest.raises(Broken):
            check(harness)
