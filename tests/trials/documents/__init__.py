"""The trial of hostile rule documents: whatever is given as rules is refused in the loader's own words, or kept.

python -m trials.fuzz --documents [--minutes 10] [--seed 1]      (make fuzz FUZZ=--documents)
"""
