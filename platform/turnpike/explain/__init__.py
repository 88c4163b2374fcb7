"""Decisions in words: plain text for terminals, escaped wherever it is shown. Pure."""
