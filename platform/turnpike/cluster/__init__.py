"""What serves: a set of verified artifacts goes in, and what really runs is asked for and told.

``interface.py`` says what every cluster can do; one adapter for each kind. Nothing here decides
what may be served, and nothing here is verified: both have happened before.
"""
