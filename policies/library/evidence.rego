# METADATA
# title: Evidence
# description: >-
#   The statements that count for the subject. Signature, role and subject were verified by the
#   judge; here it is only asked which of them are bound to this manifest, and isolated.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.evidence: schema.data.evidence
package turnpike.library.evidence

# METADATA
# description: All statements of one kind, issued by the role that may issue them.
issued(predicate) := [statement |
	kind := data.turnpike.data.evidence.predicates[predicate]
	some statement in input.evidence
	statement.predicateType == kind.type
	statement.role == kind.role
]

# METADATA
# description: Those of them that one run made, isolated and for this very validation view.
of_run(predicate, run) := [statement |
	some statement in issued(predicate)
	statement.run == run
	statement.bound
	statement.isolated
]

# METADATA
# description: The platform's validations, whose metrics were scored outside the container.
platform_runs := of_run("validation", "platform")

# METADATA
# description: The team's own validations, which can only deny.
team_runs := of_run("validation", "team")

# METADATA
# description: The scans of the artifact's files.
scans := of_run("scan", "none")

# METADATA
# description: Whether one of the statements has no failed check.
some_clean(statements) if {
	some statement in statements
	count(statement.failed) == 0
}
