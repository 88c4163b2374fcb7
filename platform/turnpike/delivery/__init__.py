"""Released bytes on their way to a server: read from Git, verified by digest, served, asked.

Use cases only: what may be served was decided before, and stands in the releases.
"""
