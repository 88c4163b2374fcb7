"""The policy engine: the real ``opa``, fed with the base commit's policies and nothing else.

Bundles, the two ways of asking (a child server, one evaluation), the schema that OPA checks
paths against, and the pages made from METADATA. What a policy means is for the judge.
"""
