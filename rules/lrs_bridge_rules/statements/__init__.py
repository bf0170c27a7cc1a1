"""xAPI statements as they come: decoded with patience, compared by meaning, with all times understood."""
