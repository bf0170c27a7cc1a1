"""The trade itself, pure: what was agreed, what was done, and what follows from the two.

No I/O, no clock and no framework here: facts come in as frozen dataclasses, time is passed in, and
:func:`lrs_bridge.domain.plan.plan` says what the derived state of one learner should be. The words are those of the
glossary (docs/glossary.md); use them and no synonyms.
"""
