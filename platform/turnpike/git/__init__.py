"""The real git, spoken to through its plumbing: objects, trees, commits, refs, merges, pushes.

Hermetic: no work tree, no attributes, no hooks, no filters, no settings of a machine or a person
bear on what is read. Nothing here knows what a model, a policy or a decision is.
"""
