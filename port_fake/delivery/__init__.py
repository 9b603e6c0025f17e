"""Letters on their way: rendered, carried, remembered."""
