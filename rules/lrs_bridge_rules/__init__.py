"""The rule engine, pure: what a statement says about its activity, and what a completion is evidence for."""
