"""Running untrusted programs: one job in, one outcome out, nothing left behind.

An adapter confines (no network, no keys, read-only, uid 65534, no capabilities) and this room
watches and stops the whole process tree. What an outcome means is for others to judge.
"""
