"""The demonstration: an invented organisation lives through a year, and everything runs as it does in earnest.

Here the road is walked from its far end: who people are and what they agreed (people, strategy, contracts), what they
did (attending), how learning platforms tell it (moodle, cmi5, scorm), and then the product's own path from there on.
"""
