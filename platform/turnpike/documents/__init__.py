"""Text to document and back: the strict YAML profile, frozen documents, canonical JSON.

Bytes come in from an edge; what leaves is a frozen pydantic document or an ``InvalidDocument``
that names file, line and field. Nothing here opens a file.
"""
