"""Runs the tests inside rules the whole way: short statement, xAPI, reading, plan; and says what came and why.

`run` is the only runner: the command line, publishing and the pytest plugin all ask it. Pure, like all of the domain.
"""

from lrs_bridge.domain.rule_testing.result import TestResult
from lrs_bridge.domain.rule_testing.running import Pending, pending, run

__all__ = ["Pending", "TestResult", "pending", "run"]
