"""What changed from one set of rule documents to another: by rule and by what is meant, not by line."""
