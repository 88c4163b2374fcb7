"""Turnpike: from a pull request to a served model, each step judged and recorded."""

__version__ = "0.1.0"
