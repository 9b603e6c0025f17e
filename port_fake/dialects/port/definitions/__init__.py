"""Port's documents as JSON Schema: one module for each concept."""
