"""What a night's comparison with the real Port amounts to, and the one issue that tells of it."""
