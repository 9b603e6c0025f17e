"""Organisations that nobody has, and that look as if somebody had: for demos and for load."""
