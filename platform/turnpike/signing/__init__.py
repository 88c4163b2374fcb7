"""Keys and signatures: each role's private key is used in a process of its own, and only there.

Makes keys, signs statements and commits, and reads SSH signatures. Whether a signature counts is
for the judge to say, not for this room.
"""
