"""Where a Git host says that something happened: signatures, a queue on disk, and who works it off.

A webhook only ever says which pull request to look at; what is judged is read from the host anew.
So one that is forged is refused, and one that is lost, doubled or replayed does no harm.
"""
