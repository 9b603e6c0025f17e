"""The contract suites: a package, so that ``pytest --pyargs`` finds them in a wheel."""
