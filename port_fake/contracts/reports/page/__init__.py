"""The parts of the report as a page; its style and its script lie beside them."""
