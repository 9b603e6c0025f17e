"""Compares Port's published OpenAPI document with the fake's own, and weighs each difference."""
