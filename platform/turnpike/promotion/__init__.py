"""Releases through the environments: plan (pure), then open the change that carries it out.

A promotion, a rollback and a retirement are all changes of class release; the judge decides.
"""
