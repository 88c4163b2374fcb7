"""A deployment to the manifests that Argo CD syncs: pure, and the same bytes everywhere.

One file per concern; what differs between clouds is read from the target, never coded here. A
manifest in Git is valid exactly when it equals what this room derives now.
"""
