"""How a notice reaches a person: `letters` writes it, `channels` takes it away, `directory` knows whom it is for."""
