"""What several pages let a person fill in or wait for: pages may not import each other."""
