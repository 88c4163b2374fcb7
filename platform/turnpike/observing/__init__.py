"""What serves, watched: looks become intervals, intervals statements, and those are published.

The observer says what it saw, in its role; whether that is enough for anything is the judge's
affair. ``interval``, ``fold`` and ``statement`` are pure; a cluster is looked at through its
``Probe``.
"""
