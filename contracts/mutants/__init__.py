"""Fakes that misbehave: a proof that the suites can fail. See docs/mutants.md."""
