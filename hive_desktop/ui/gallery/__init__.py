"""Every component of the kit in every state, in one window: the reference for how it all looks."""
