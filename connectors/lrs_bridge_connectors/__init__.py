"""Learning records in: the sources that statements are pulled from.

Where it stands: statements leave an LRS (or a file) here as raw records; `jobs/pull` of the application stores them.
This package knows neither the application nor the rules. Start reading at `source.py`, the protocol that every source
meets; `conformance.py` holds the checks that prove that one does.
"""
