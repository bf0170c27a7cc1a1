"""Many hands: several processes and people at the same database at once, killed and held up, against one alone."""
