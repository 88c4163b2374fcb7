"""Data sets that packages ship: found by name, split the same way everywhere, pinned by digest.

``training_split`` is what a team's ``data.py`` calls; its name and arguments do not change.
"""

from turnpike.datasets.training import training_split

__all__ = ["training_split"]
