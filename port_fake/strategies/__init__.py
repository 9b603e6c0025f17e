"""Hypothesis strategies for whatever goes to Port and comes from it (extra ``strategies``)."""
