"""Ralph's own reader of an LRS, in Ralph's environment: `PYTHON ralph_reader.py ENDPOINT USER PASSWORD COUNT PAGE`.

Run by `readers.with_ralph` as a program of its own, as Ralph's requirements do not go together with ours. Prints how
many statements it read and how many seconds that took, without its start.
"""

from __future__ import annotations

import sys
import time
from urllib.parse import urlsplit

from ralph.backends.data.lrs import LRSDataBackend, LRSDataBackendSettings  # type: ignore[import-not-found]  # only there


def main() -> None:
    endpoint, user, password, count, page = sys.argv[1:]
    path = urlsplit(endpoint).path.rstrip("/") + "/statements"
    settings = LRSDataBackendSettings(BASE_URL=endpoint, USERNAME=user, PASSWORD=password, STATEMENTS_ENDPOINT=path)
    backend = LRSDataBackend(settings)
    begun = time.perf_counter()
    found = sum(1 for _ in backend.read(chunk_size=int(page), max_statements=int(count)))
    print(found, time.perf_counter() - begun)
    backend.close()


if __name__ == "__main__":
    main()
