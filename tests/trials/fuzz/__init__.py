"""Hostile statements: what anybody could put into an LRS goes the whole way, from the bytes of a file to the pages.

`ground` is the installation that it meets, `journey` the way, `laws` what has to hold at its end; `seeds` and
`mutators` make the input. `python -m trials.fuzz` looks for minutes or hours, led by what code each input reaches
(`harness`), and then sends the giants; tests/reliability/test_fuzz.py asks the same of inputs that hypothesis draws.
"""
