"""Backtest: what a draft of the rules would do to the past, before it goes live.

`plan` under the draft against `plan` under the rules in force, learner by learner. Nothing of it touches facts or
derived rows, and nothing is sent. In one process (`running`), or spread over workers (`sharing`).
"""

from lrs_bridge.jobs.backtest.report import BacktestReport, NewlyWanted
from lrs_bridge.jobs.backtest.running import Backtester, Progress, backtest

__all__ = ["BacktestReport", "Backtester", "NewlyWanted", "Progress", "backtest"]
