"""The steps of a plan, in the order in which :func:`lrs_bridge.domain.plan.plan` takes them; one module a step.

seeing (statements → attempts) → matching (→ evidence for goals) → completing (→ alignment, cost, gain) →
following_up (→ application tasks) → progressing (→ goal states) → finding (→ waste) → growing (→ stagnation) →
noticing (→ messages).
"""
