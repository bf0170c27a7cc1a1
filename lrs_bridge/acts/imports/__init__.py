"""Files that people bring in: learners, catalogue, strategy, agendas, contracts. Checked whole, then saved whole.

The way of a file: bytes → text (`text`) → a tree in which every value knows its place (`table` for CSV, the rule
engine's reader for YAML) → domain objects (`learner_rows`, `contract_documents`, …), with everything that is wrong
collected on the way → one transaction (`importing`). Nothing is saved if anything is wrong; saving what is already
there changes nothing.
"""

from lrs_bridge.acts.imports.importing import Imported, agendas, catalogue, contracts, learners, strategy

__all__ = ["Imported", "agendas", "catalogue", "contracts", "learners", "strategy"]
