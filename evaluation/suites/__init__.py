"""One module per suite, listed in :mod:`evaluation.registry`."""
