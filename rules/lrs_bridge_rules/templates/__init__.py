"""xAPI Profiles: documents with concepts and Statement Templates, and whether a statement follows a template."""
