"""What services ask of the outside world: Protocols and the error tree, no implementation."""
