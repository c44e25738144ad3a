"""The embedded model: a word list and a linear model over n-grams, trained in the build."""
