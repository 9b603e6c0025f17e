"""Hypothesis profiles, and the plugin under test, loaded here so that coverage sees its start."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["port_fake.plugin", "pytester"]

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
