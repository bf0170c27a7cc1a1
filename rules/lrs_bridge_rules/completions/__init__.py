"""From statements to completions: what each says, which attempt it belongs to, and how that one ended."""
