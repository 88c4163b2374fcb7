"""Infrastructure as Terraform plans it: planned on the trusted side, reduced, stated, and applied.

Whether a plan may be applied is the judge's affair; what it does is read from Terraform's own JSON.
"""
