"""What a team says of its model: the manifest, its settings, its release and its card.

Frozen documents only. Whether what they say is good enough is a question for the judge.
"""
