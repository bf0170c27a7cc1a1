"""The faults that the sandbox can be told to have, each seen on real servers or to be feared from hostile ones.

Where it stands: `MisbehavingLrs.misbehave(name)` looks them up here. A new fault is one row in the file of its kind.
"""

from collections.abc import Mapping
from difflib import get_close_matches

from lrs_bridge_connectors.sandbox.faults.answers import ANSWERS
from lrs_bridge_connectors.sandbox.faults.paging import PAGING
from lrs_bridge_connectors.sandbox.faults.scene import Asked, Fault, Reply
from lrs_bridge_connectors.sandbox.faults.statements import STATEMENTS
from lrs_bridge_connectors.sandbox.faults.times import TIMES
from lrs_bridge_connectors.sandbox.faults.wire import WIRE

__all__ = ["FAULTS", "Asked", "Fault", "Reply", "fault_named"]

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in (*WIRE, *ANSWERS, *PAGING, *TIMES, *STATEMENTS)}


def fault_named(name: str) -> Fault:
    """The fault of this name. Raises ValueError, naming the nearest one."""
    if name not in FAULTS:
        near = get_close_matches(name, FAULTS, n=1)
        raise ValueError(f"there is no fault {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))
    return FAULTS[name]
