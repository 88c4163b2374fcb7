"""A commit's own code, written out beside the checkout: what judges, and what builds containers."""
