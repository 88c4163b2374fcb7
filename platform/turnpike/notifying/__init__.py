"""What the record says, told to others as events; and who waits for whom.

``events``, ``wording`` and ``waiting`` are pure: entries of the record in, events and lines out.
``interface`` says what a sink is, one file for each; ``deliver`` keeps the place in the record up
to which a sink was told. Nothing here judges, or writes to Git.
"""
