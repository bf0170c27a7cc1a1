"""Keeps the cycle collector at rest while a page or a chunk of learners is worked on (for `pull` and `reconcile`)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """For work that makes some hundred thousand objects, soon to be dropped, and no cycle among them.

    Each round of the collector would walk through all of them in vain: a fifth of the time of planning, and of sorting.
    Reference counts free them as ever; cycles that other threads leave behind wait until that is done. Several
    threads may be in here at once: whoever found the collector at work wakes it again.
    """
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()
