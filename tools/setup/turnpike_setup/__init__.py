"""What makes a fresh clone run: environments from locks, OPA, Pants, and the report of both.

Only the standard library may be imported here, because nothing is installed yet when it runs.
Every part is built once under the cache folder, named after the digest of its inputs, and counts
as built when its `.complete` marker exists.
"""
