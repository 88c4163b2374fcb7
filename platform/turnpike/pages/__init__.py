"""Turnpike's own pages over HTTP, to be read only: who may look, and what a browser is told.

What a page says is made elsewhere; here stand the door, its cookies and its headers.
"""
