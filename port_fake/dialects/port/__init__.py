"""Port's own language: its operations, documents and answers."""
