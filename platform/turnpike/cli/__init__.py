"""The command line: one file per verb parses, wires the edges and prints. The only place that does.

Verbs are imported when they are called, so that ``--help`` costs no more than click.
"""
