"""The commands of the handle `FakePort`, by what they are for."""
