"""Who must approve a change, and whose approval counts. Pure.

Owners come from the base's CODEOWNERS, further groups from environments, risk and deletion.
"""
