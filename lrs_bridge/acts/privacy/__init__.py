"""Personal data: what is known of somebody is handed out, or erased so that it stays so (docs/personal-data.md)."""

from lrs_bridge.acts.privacy.erasing import ErasedAgain, erase, erase_again, readmit
from lrs_bridge.acts.privacy.exporting import FORMAT, VERSION, as_archive, as_json, export
from lrs_bridge.acts.privacy.who import Who, find

__all__ = [
    "FORMAT",
    "VERSION",
    "ErasedAgain",
    "Who",
    "as_archive",
    "as_json",
    "erase",
    "erase_again",
    "export",
    "find",
    "readmit",
]
