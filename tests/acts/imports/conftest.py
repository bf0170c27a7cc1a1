"""Files to import, and what an import answers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lrs_bridge.acts.errors import ImportRefused

Written = Callable[[str, str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A file with a name and a text."""

    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return file

    return write


@pytest.fixture
def mistakes() -> Callable[[Callable[[], object]], list[str]]:
    """What a refused import says, LINE:COLUMN: what."""

    def of(work: Callable[[], object]) -> list[str]:
        with pytest.raises(ImportRefused) as refused:
            work()
        return [f"{each.line}:{each.column}: {each.message}" for each in refused.value.problems]

    return of
