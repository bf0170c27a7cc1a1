"""Rule documents: from YAML with places to a compiled ruleset, with every mistake at its line."""
