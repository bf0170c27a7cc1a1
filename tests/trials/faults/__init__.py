"""A misbehaving LRS: one table of faults, tried over real HTTP; `python -m trials.faults`, short in the tests."""
