"""The control API under ``/_fake/``: what handles do, for users of every language."""
