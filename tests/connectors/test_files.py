"""FileSource: which files, which kinds, and what is read again when a file changes."""

import gzip
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from lrs_bridge_connectors.errors import Misbehaving, Unusable
from lrs_bridge_connectors.files import FileSource
from lrs_bridge_connectors.source import Page, Window


def a_line(number: int) -> bytes:
    return f'{{"id":"S{number}","timestamp":"2026-03-02T12:00:{number:02}Z"}}\n'.encode()


def lines(start: int, stop: int) -> bytes:
    return b"".join(a_line(number) for number in range(start, stop))


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


class Reader:
    """Pulls again and again, saving the cursor as the application does."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self.cursor: str | None = None

    def pull(self) -> list[str | None]:
        pages = list(FileSource("files", self.path, page_records=3).pages(self.cursor))
        for page in pages:
            self.cursor = page.cursor or self.cursor
        return ids(pages)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def test_lines_that_are_added_are_read_alone(log: Path) -> None:
    log.write_bytes(lines(0, 5))
    reader = Reader(log)

    assert ["s0", "s1", "s2", "s3", "s4"] == reader.pull()
    with log.open("ab") as file:
        file.write(lines(5, 7))
    assert ["s5", "s6"] == reader.pull()
    assert reader.pull() == []


def test_a_line_in_the_making_is_left_for_the_next_time(log: Path) -> None:
    log.write_bytes(a_line(0) + a_line(1)[:20])
    reader = Reader(log)

    assert ["s0"] == reader.pull()
    log.write_bytes(lines(0, 3))
    assert ["s1", "s2"] == reader.pull()


def test_a_line_that_stays_in_the_making_is_broken(log: Path) -> None:
    log.write_bytes(a_line(0) + a_line(1)[:20])
    reader = Reader(log)

    assert [["s0"], [None], []] == [reader.pull(), reader.pull(), reader.pull()]


def test_a_last_line_without_line_break_is_read_once(log: Path) -> None:
    log.write_bytes(lines(0, 2).rstrip())
    reader = Reader(log)

    assert ["s0", "s1"] == reader.pull()
    log.write_bytes(lines(0, 3))
    assert ["s2"] == reader.pull()


def test_a_file_that_was_rotated_is_read_from_its_beginning(log: Path) -> None:
    log.write_bytes(lines(0, 2))
    reader = Reader(log)
    reader.pull()
    log.rename(log.with_suffix(".1"))
    log.write_bytes(lines(10, 14))

    assert ["s10", "s11", "s12", "s13"] == reader.pull()


def test_a_file_that_was_truncated_is_read_from_its_beginning(log: Path) -> None:
    log.write_bytes(lines(0, 4))
    reader = Reader(log)
    reader.pull()
    log.write_bytes(lines(0, 1))

    assert ["s0"] == reader.pull()


def test_a_big_file_that_lost_its_end_is_read_from_its_beginning(log: Path) -> None:
    """Its first bytes are the same; that it is shorter tells."""
    log.write_bytes(lines(0, 300))
    reader = Reader(log)
    reader.pull()
    log.write_bytes(lines(0, 200))

    assert 200 == len(reader.pull())


def test_big_statements_make_pages_of_few(log: Path) -> None:
    log.write_bytes((b'{"id":"a","x":"' + b"y" * 3_000_000 + b'"}\n') * 4)

    assert [3, 1] == [len(page.records) for page in FileSource("files", log).pages(None)]


def test_a_file_of_the_same_size_and_time_with_other_content_is_read_again(log: Path) -> None:
    log.write_bytes(lines(0, 2))
    before = log.stat()
    reader = Reader(log)
    reader.pull()
    log.write_bytes(lines(2, 4))
    os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert ["s2", "s3"] == reader.pull()


def test_gzipped_lines_that_grow_by_a_member_are_continued(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress(lines(0, 2), mtime=0))
    reader = Reader(path)
    reader.pull()
    with path.open("ab") as file:
        file.write(gzip.compress(lines(2, 4), mtime=0))

    assert ["s2", "s3"] == reader.pull()


def test_a_changed_array_is_read_again_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text('[{"id":"a"}]')
    reader = Reader(path)
    reader.pull()
    path.write_text('[{"id":"a"},{"id":"b"}]')

    assert ["a", "b"] == reader.pull()
    assert reader.pull() == []


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("array", [False, True])
def test_a_pull_that_was_cut_off_goes_on_in_the_middle_of_a_file(tmp_path: Path, array: bool, zipped: bool) -> None:
    text = b"[" + lines(0, 8).strip().replace(b"\n", b",\n") + b"]" if array else lines(0, 8)
    path = tmp_path / "statements.json"
    path.write_bytes(gzip.compress(text) if zipped else text)
    source = FileSource("files", path, page_records=3)
    first = next(source.pages(None))

    assert ["s0", "s1", "s2"] == ids([first])
    assert ["s3", "s4", "s5", "s6", "s7"] == ids(list(source.pages(first.cursor)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"id":"a"}\r\n\r\n{"id":"b"}\r\n', ["a", "b"]),
        (b'\xef\xbb\xbf{"id":"a"}\n', ["a"]),
        (b'\xef\xbb\xbf[{"id":"a"}]', ["a"]),
        (b' [ {"id":"a"} , {"id":"b"} ] ', ["a", "b"]),
        (b'{"statements" : [{"id":"a"}], "more":"/more/1"}', ["a"]),
        (b'{"more":null,"statements":[]}', []),
        (b'{\n  "id": "a",\n  "verb": {}\n}\n', ["a"]),
        (b'[{"id":"a"},{"id":', ["a", None]),
        (b'{"id":"a"}\nnonsense\n{"id":"b"}\n', ["a", None, "b"]),
        (b'[{"id":"a"},nonsense,{"id":"b"}]', ["a", None, "b"]),
        (b"", []),
        (b" \n\n", []),
        (b"[]", []),
    ],
)
def test_kinds_are_told_by_their_first_bytes(tmp_path: Path, text: bytes, expected: list[str | None]) -> None:
    path = tmp_path / "whatever.txt"
    path.write_bytes(text)

    assert expected == Reader(path).pull()


def test_a_folder_is_read_in_the_order_of_its_names_without_what_is_no_statement_file(tmp_path: Path) -> None:
    for name, number in (("b.json", 2), ("a.jsonl", 1), ("c.ndjson.gz", 3), (".hidden.json", 8), ("notes.txt", 9)):
        text = a_line(number)
        (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    (tmp_path / "folder.json").mkdir()
    reader = Reader(tmp_path)

    assert ["s1", "s2", "s3"] == reader.pull()
    (tmp_path / "aa.json").write_bytes(a_line(4))
    assert ["s4"] == reader.pull()


def test_small_files_share_a_page(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"{number}.json").write_bytes(a_line(number))

    assert [3, 3, 1] == [len(page.records) for page in FileSource("files", tmp_path, page_records=3).pages(None)]


def test_a_pattern_finds_files_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "2026" / "03").mkdir(parents=True)
    (tmp_path / "2026" / "03" / "x.jsonl").write_bytes(a_line(1))
    (tmp_path / "2026" / "x.txt").write_bytes(a_line(2))

    assert ["s1"] == Reader(f"{tmp_path}/**/*.jsonl").pull()


def test_a_file_that_is_missing_is_told_with_what_to_do(tmp_path: Path) -> None:
    source = FileSource("files", tmp_path / "missing.json")

    with pytest.raises(Unusable, match=r"files: there is no file or folder .*missing\.json\. Correct the path"):
        list(source.pages(None))
    assert not source.check().ok


def test_a_damaged_file_is_told_after_all_others_were_read(tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(lines(0, 3))[:-12])
    (tmp_path / "b.json").write_bytes(a_line(9))
    pull = FileSource("files", tmp_path).pages(None)

    assert "s9" in ids([next(pull)])
    with pytest.raises(Misbehaving, match=r"a\.json\.gz \(damaged or not copied completely\)"):
        next(pull)


def test_a_damaged_file_that_is_copied_again_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    whole = gzip.compress(lines(0, 3), mtime=0)
    path.write_bytes(whole[:-12])
    reader = Reader(tmp_path)
    with pytest.raises(Misbehaving):
        reader.pull()
    path.write_bytes(whole)

    assert {"s0", "s1", "s2"} == set(reader.pull())


def test_a_statement_beyond_the_cap_is_cut_off_and_has_no_id(log: Path) -> None:
    log.write_bytes(a_line(0) + b'{"id":"long","x":"' + b"x" * 1000 + b'"}\n' + a_line(1))
    records = [record for page in FileSource("files", log, statement_cap=100).pages(None) for record in page.records]

    assert ["s0", None, "s1"] == [record.id for record in records]
    assert 100 == len(records[1].body)


def test_a_window_takes_timestamp_where_nothing_is_stored_and_keeps_what_has_no_time(log: Path) -> None:
    log.write_bytes(lines(0, 5) + b'{"id":"timeless"}\n')
    source = FileSource("files", log)
    (full,) = source.pages(None)
    assert full.latest is not None

    pages = list(source.window(Window(full.latest.replace(second=1), full.latest.replace(second=3))))

    assert ["s2", "s3", "timeless"] == ids(pages)


def test_a_big_array_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    statement = json.dumps({"id": "a", "x": "y" * 1000}).encode()
    with path.open("wb") as file:
        file.write(b"[" + statement)
        for _ in range(30_000):
            file.write(b"," + statement)
        file.write(b"]")
    tracemalloc.start()
    count = sum(len(page.records) for page in FileSource("files", path).pages(None))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 30_001 == count
    assert peak < 8_000_000  # of more than 30 MB


def test_a_cursor_of_another_kind_of_source_is_told(log: Path) -> None:
    log.write_bytes(a_line(0))

    with pytest.raises(Unusable, match="not one of a file source"):
        list(FileSource("files", log).pages("2026-03-02T12:00:00.000Z"))


def test_check_counts_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(a_line(1))
    health = FileSource("files", tmp_path).check()

    assert (True, "1") == (health.ok, health.detail["files"])


def test_check_names_files_that_hold_no_statements(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"<html>\n")
    health = FileSource("files", tmp_path).check()

    assert (False, "no statement at the beginning of a.json") == (health.ok, health.message)


def test_an_empty_folder_is_well(tmp_path: Path) -> None:
    health = FileSource("files", tmp_path).check()

    assert (True, "there is no file yet") == (health.ok, health.message)
