"""Commands that ask whether the fake and Port still agree; nothing else may import from here."""
