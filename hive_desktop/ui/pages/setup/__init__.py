"""The questions of the first run: where rows come from, and whether a model may help."""
