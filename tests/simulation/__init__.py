"""A deterministic simulation of bank, network, computer and person around the real sync engine."""
