"""The Terraform program, run in one folder at a time.

It gets nothing of this process' environment but its providers' credentials and how to reach them.
"""
