"""A deployment backend for Port, and a client that waits for its runs."""
