"""Answers for an auditor, from one clone: is all of it sound, and who let what in on what grounds.

``check_merge`` and ``check_record`` are also what the Git host's hook asks before it lets a push
through. Nothing here changes anything.
"""
