"""Exchanges with Port: recorded, kept in files that diff well, and asked again."""
