"""What kill -9 leaves behind: the program is killed at random moments, and started again each time.

`python -m trials.crash` runs it at length (`make crash`); tests/reliability/test_crash.py runs it in short.
"""
