"""An LRS in memory: honest, small and fast, for the demo and for tests.

Where it stands: at the far end of `XapiSource`. It keeps to xAPI 1.0.3 and 2.0 for statements, voiding, paging and
About; state and profile resources, attachments and related_* filters are not its business. `SandboxLrs` is the way in,
`MisbehavingLrs` the same with one of the `FAULTS` of real servers.
"""

from lrs_bridge_connectors.sandbox.faults import FAULTS
from lrs_bridge_connectors.sandbox.lrs import SandboxLrs, Serving
from lrs_bridge_connectors.sandbox.misbehaving import MisbehavingLrs

__all__ = ["FAULTS", "MisbehavingLrs", "SandboxLrs", "Serving"]
