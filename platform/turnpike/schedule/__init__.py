"""When changes may go in: windows and freezes to answers, for any instant, purely.

Documents come from ``topology``, instants from whoever asks; no clock is read here. What evidence
says of a soak is counted here as well, for it is time too.
"""
