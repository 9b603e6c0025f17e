"""Scenarios: folders of JSON or YAML files that furnish an organisation."""
