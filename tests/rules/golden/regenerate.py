"""Writes the expectations of the golden pairs anew. Run it by hand, and read the difference before committing it.

python tests/rules/golden/regenerate.py
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from support.golden import expectation_of, inputs, outcome_of

for path in inputs():
    text = json.dumps(outcome_of(path), indent=1, ensure_ascii=False) + "\n"
    expectation_of(path).write_text(text, "utf-8")
