"""lrs_bridge: what was agreed about learning, what was done, and what should follow.

The application. Its floors, top to bottom: cli and demo; service; web and worker; acts and jobs; bridge; sources;
settings; store; domain. Imports go down only. Reading from other systems is in `lrs_bridge_connectors`, the rule engine
in `lrs_bridge_rules`.
"""

__version__ = "0.1.0"
