"""What each role's process is willing to sign.

The signer's own list, beside the judge's (``evidence.statement.ISSUED_BY``), and without its
imports so that the process starts at once; a test holds the two equal.
"""

from __future__ import annotations

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
COMMIT_NAMESPACE = "git"

_OURS = "https://turnpike.dev/attestation"
DUTIES: dict[str, frozenset[str]] = {
    "validator": frozenset((f"{_OURS}/validation/v1", f"{_OURS}/scan/v1")),
    "observer": frozenset((f"{_OURS}/observation/v1",)),
    "planner": frozenset((f"{_OURS}/terraform-plan/v1", f"{_OURS}/terraform-apply/v1")),
    "gate": frozenset((f"{_OURS}/decision/v1", f"{_OURS}/outcome/v1")),
    "registrar": frozenset(("https://slsa.dev/provenance/v1", "https://cyclonedx.org/bom")),
}
COMMIT_SIGNERS = frozenset(("gate",))
