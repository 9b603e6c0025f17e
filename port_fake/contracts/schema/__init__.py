"""Every operation of the document, examined by schemathesis and by checks of our own."""
