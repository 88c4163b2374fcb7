"""Validating one model version: build the programs, run them confined, score what they say.

The platform run answers for held-out records, and this side, which holds the labels, scores it;
the team run can only deny. What comes out of a program is untrusted until it was parsed here.
"""
