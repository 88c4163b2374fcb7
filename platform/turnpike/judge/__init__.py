"""The judge: facts in, decision out.

Pure: no I/O, no clock, no randomness. The order of the steps stands in ``decide.py``.
"""
