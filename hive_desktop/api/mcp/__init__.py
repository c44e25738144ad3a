"""The ledger for assistants, by the Model Context Protocol: over standard streams and over HTTP."""
