"""Imported once by the process that all others are forked from: what takes long to import.

Plugins of pytest are left out: it wants to rewrite their assertions.
"""

import schemathesis

import contracts.mutants.trial
import contracts.mutants.workers
import port_fake.backend
import port_fake.contracts.fixtures
import port_fake.contracts.scenes
import port_fake.strategies.playing.targets

__all__ = ["contracts", "port_fake", "schemathesis"]
