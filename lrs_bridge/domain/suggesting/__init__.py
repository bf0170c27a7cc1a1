"""Suggesting rules for what no rule knows: unmatched activities, compared by their words with what people want learned.

`material` is what goes in. `words` takes texts apart, `comparing` holds activities against topics, `clusters` gathers
those that belong together, `narrowing` finds a condition that takes them and nothing else, and `drafting` writes the
rule with its tests. Pure: the job `lrs_bridge.jobs.suggest` reads the store and prints nothing.
"""
