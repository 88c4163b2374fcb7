"""A pull request on its way to main: collect the facts, decide, record, merge.

Plans are pure (``judge``); this room reads and writes through the edges, in the one right order.
"""
