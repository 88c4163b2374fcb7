"""A company's instance of Turnpike: how it is made, found and inspected.

Planning the genesis is pure; making it goes through the edges, in a folder that appears whole or
not at all.
"""
