"""An organisation as a document of readable JSON, and a file that follows one."""
