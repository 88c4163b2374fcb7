"""The record: what was decided, on which facts and evidence, kept for ever on one orphan branch.

Content-addressed and append-only. This room lays entries out, appends and finds them, and says
whether an append keeps the rules; whether a decision was right is not its business.
"""
