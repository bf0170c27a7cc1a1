"""The rule engine: what a statement says about an activity, and what a completion is evidence of.

Pure: no I/O but reading rule documents (`loader`), no clock (times are passed in), no knowledge of the application.
The way through it: bytes -> `statement` -> `reading` -> `attempt` -> `subject` -> `ruleset.evaluate` -> `verdict`.
"""
