"""How fast the main job is, always as ratios in one run: machines are noisy, and ratios are what a design decides.

`make bench` runs everything; see docs/benchmarks.md for what the lines mean and what they should be.
"""

import sys
from pathlib import Path

# PostgreSQL and Valkey come up as they do for the tests.
sys.path.append(str(Path(__file__).parents[1] / "tests"))
