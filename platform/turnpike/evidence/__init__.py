"""Statements about subjects: in-toto Statement v1 in a DSSE envelope, one currency for all proof.

What may be said (predicates), by which role, and how an envelope is checked. Pure.
"""
