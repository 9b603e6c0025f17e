"""Values checked against definitions in Port's style, compiled to JSON Schema once."""
