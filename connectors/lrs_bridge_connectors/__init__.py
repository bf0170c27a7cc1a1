"""Learning records in, results out: sources, their HTTP manners, and a small LRS for tests and the demo."""
