"""Somebody is erased: the person goes, a ghost stays, and nothing that is kept leads from one to the other.

`erase` does it in the caller's transaction; `scrub` then makes the database forget what it had deleted. The results of
the ghost are what `plan` makes of its facts, as with everybody else, so the organisation's counts stay what they were.
"""

from lrs_bridge.store.erasing.erase import Erased, erase, forget
from lrs_bridge.store.erasing.mentions import every_form, returned
from lrs_bridge.store.erasing.scrub import scrub

__all__ = ["Erased", "erase", "every_form", "forget", "returned", "scrub"]
