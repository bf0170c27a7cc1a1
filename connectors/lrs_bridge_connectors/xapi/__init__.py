"""Statements out of any LRS that speaks xAPI 1.0.3 or 2.0: configuration, sign-in, paging, cursor, check-up."""

from lrs_bridge_connectors.xapi.client import XapiSource
from lrs_bridge_connectors.xapi.config import XapiConfig

__all__ = ["XapiConfig", "XapiSource"]
