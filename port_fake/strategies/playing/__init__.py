"""The parts of `PortMachine`: its targets, its rules by purpose, and what it expects."""
