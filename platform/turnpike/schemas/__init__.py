"""The JSON Schemas of every document, as files of ``docs/schemas/`` derived from the nouns.

One table; a new kind of document is a new line in it.
"""
