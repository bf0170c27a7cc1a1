"""The command line, `lrs-bridge`: one module for each group of commands, registered in `program`.

A command reads its options, opens the installation (`session`), calls one job, act or read model, and shows what came
of it (`output`). What goes wrong anywhere becomes one sentence and an exit code in `edge`, and only there.
"""

from lrs_bridge.cli.program import main

__all__ = ["main"]
