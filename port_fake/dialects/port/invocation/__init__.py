"""What Port sends when a run starts: rendered, signed, in the words of each backend."""
