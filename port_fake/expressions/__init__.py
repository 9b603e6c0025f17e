"""Expressions: jq programs, alone or between the braces of a template, evaluated within limits."""
