"""HTTP: from requests to operations and back, on real sockets."""
