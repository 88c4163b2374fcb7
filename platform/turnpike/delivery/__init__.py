"""Released bytes on their way to a server: read from Git, verified by digest, served, asked.

And whether they have arrived: what clusters run is compared with what main released. Use cases
only: what may be served was decided before, and stands in the releases.
"""
