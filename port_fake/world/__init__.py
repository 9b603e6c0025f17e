"""The state behind the API: one synchronous, in-memory world for each organisation."""
