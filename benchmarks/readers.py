"""What the main job is compared with: programs that only read the same pages from the same server, and keep nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import orjson
import requests
from tincan import RemoteLRS

from benchmarks.lrs import CREDENTIALS

PAGE = 1000
#: Ralph's requirements do not go together with ours: `make real-servers` installs it in an environment of its own.
RALPH = Path(os.environ.get("LRS_BRIDGE_CACHE", ".cache")) / "ralph/bin/python"


def with_orjson(endpoint: str) -> int:
    """Read everything with requests and orjson; the number of statements."""
    read = 0
    with requests.Session() as session:
        session.auth = CREDENTIALS
        session.headers["X-Experience-API-Version"] = "1.0.3"
        url: str | None = f"{endpoint}/statements?ascending=true&limit={PAGE}"
        while url:
            page = orjson.loads(session.get(url, timeout=60).content)
            read += len(page["statements"])
            url = urljoin(endpoint, page["more"]) if page.get("more") else None
    return read


def with_tincan(endpoint: str, pages: int) -> int:
    """Read so many pages with tincan; the number of statements."""
    lrs = RemoteLRS(endpoint=f"{endpoint}/", version="1.0.3", username=CREDENTIALS[0], password=CREDENTIALS[1])
    answer = lrs.query_statements({"ascending": "true", "limit": PAGE})
    read = 0
    for _ in range(pages):
        if not answer.success:
            raise RuntimeError("tincan could not read a page")
        read += len(answer.content.statements)
        if not answer.content.more:
            break
        answer = lrs.more_statements(answer.content.more)
    return read


def with_ralph(endpoint: str, pages: int) -> float:
    """Read so many pages with Ralph's own reader of an LRS; the seconds that it took, without its start.

    It takes of `more` only what stands behind the `?`, and the sandbox's has its place in the path: so it reads the
    first page so many times. Raises FileNotFoundError where it is not installed, and RuntimeError with what it said
    where it cannot read.
    """
    program = [str(RALPH), str(Path(__file__).with_name("ralph_reader.py"))]
    done = subprocess.run(
        [*program, endpoint, *CREDENTIALS, str(pages * PAGE), str(PAGE)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    found, seconds = done.stdout.split()
    if int(found) != pages * PAGE:
        raise RuntimeError(f"{found} statements came instead of {pages * PAGE:,}")
    return float(seconds)
