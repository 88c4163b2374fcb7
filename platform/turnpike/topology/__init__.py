"""Who and where: the organisation, its keys and groups, the environments and their targets.

Frozen documents only, read from the base commit, never from the head that is being judged.
"""
