"""The local API: an HTTP server on loopback for the person's own programs."""
