"""The run's life: values in, values out. Standard library only, no clock, no randomness."""
