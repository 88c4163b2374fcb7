# METADATA
# title: The evidence still lets it in
# description: >-
#   Where a release brings other bytes or another manifest to its place, the statements that its kind
#   and tier need still count. Those of a revoked key don't. A validation or scan lets nothing in
#   once it is older than the environment's `evidenceDays` for the tier, or its key's time is over:
#   the model is validated again, or, on the way back to an earlier release, that stays owed. A
#   platform run or a scan that failed since, and is on the record, keeps the version out until the
#   same validator takes it back by a later one. A manifest that asks for that (`revalidation`) is let in with findings that are newer, and clean.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.evidence: schema.data.evidence
# custom:
#   applies_to: [deployment, model]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (evidenceDays), policies/data/evidence.yaml
package turnpike.rules.evidence_current

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: A statement that let the model in no longer counts
# custom:
#   code: release-evidence-missing
#   solution: >-
#     Produce it again on a pull request of the model, with `turnpike validate --pr N` or `turnpike
#     register`; `turnpike history TEAM/MODEL` shows by whose key the earlier one was signed.
deny contains finding if {
	enters
	some needed in needs
	count(evidence.of_run(needed.predicate, needed.run)) == 0
	finding := findings.denial(
		rego.metadata.rule(),
		"A statement that the release needs is not there, or its key was revoked.",
		sprintf("%s (run: %s) by a key that counts", [needed.predicate, needed.run]),
		"none",
		[[remedies.statement(needed.predicate, needed.run)]],
	)
}

# METADATA
# title: A statement has expired
# custom:
#   code: release-evidence-expired
#   yields_to: [waiver, emergency, rollback]
#   solution: >-
#     Validate the model again with `turnpike validate --pr N` on a pull request of it, or return to
#     an earlier release with `turnpike rollback`.
deny contains finding if {
	enters
	some needed in needs
	statements := evidence.of_run(needed.predicate, needed.run)
	count(statements) > 0
	every statement in statements {
		expired(statement)
	}
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("A %s model needs newer evidence to enter %s.", [
			input.model.riskTier,
			input.deployment.environment.name,
		]),
		sprintf("%s (run: %s) that has not expired", [needed.predicate, needed.run]),
		sprintf("expired at %s", [max({statement.expiresAt | some statement in statements})]),
		[[remedies.statement(needed.predicate, needed.run)]],
	)
}

# METADATA
# title: A later finding speaks against it
# custom:
#   code: release-evidence-failed
#   yields_to: [waiver, emergency]
#   solution: >-
#     Validate it again: `turnpike revalidate TEAM/MODEL` opens the pull request, `turnpike validate
#     --pr N` runs it, and a clean run of the same validator takes this back. Or return to an earlier
#     release where it serves, with `turnpike rollback`.
deny contains finding if {
	enters
	some kind in {["scan", "none"], ["validation", "platform"]}
	some statement in evidence.of_run(kind[0], kind[1])
	statement.disproves
	some check in statement.failed
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("Since it was let in, %s found something wrong: %s.", [statement.signer, check.name]),
		sprintf("%s (run: %s): %s", [kind[0], kind[1], check.expected]),
		sprintf("%s, found at %s", [check.actual, statement.finishedAt]),
		[[remedies.statement(kind[0], kind[1])]],
	)
}

# METADATA
# title: It was not validated again, or not well
# custom:
#   code: revalidation-missing
#   solution: >-
#     Run `turnpike validate --pr N`. Where that finds something, the released version is no longer
#     what it was: return to an earlier release with `turnpike rollback`.
deny contains finding if {
	input.subject.kind == "model"
	asked := input.model.revalidation
	not asked == input.previousModel.revalidation
	some needed in needs
	needed.predicate in {"scan", "validation"}
	not validated_since(asked.requestedAt, needed)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The manifest asks for a new validation: %s", [asked.reason]),
		sprintf("%s (run: %s), clean and after %s", [needed.predicate, needed.run, asked.requestedAt]),
		sprintf("%d older ones, or with failed checks", [count(evidence.of_run(needed.predicate, needed.run))]),
		[[remedies.statement(needed.predicate, needed.run)]],
	)
}

validated_since(moment, needed) if {
	some statement in evidence.of_run(needed.predicate, needed.run)
	count(statement.failed) == 0
	time.parse_rfc3339_ns(statement.finishedAt) >= time.parse_rfc3339_ns(moment)
}

needs contains one if some one in data.turnpike.data.evidence.required[input.model.kind][input.model.riskTier]

# Its own rule asks for it whatever the tier, of all that has files.
needs contains {"predicate": "scan", "run": "none"} if input.model.kind == "predictive"

enters if {
	is_object(input.deployment.movement)
	is_object(input.model.artifact)
	not stays
}

stays if {
	input.deployment.previous.artifact == input.deployment.release.artifact
	input.deployment.previous.manifest == input.deployment.release.manifest
}

# What serves the rest beside a share goes on serving when it takes its traffic back.
stays if {
	input.deployment.previous.rest.artifact == input.deployment.release.artifact
	input.deployment.previous.rest.manifest == input.deployment.release.manifest
}

expired(statement) if {
	is_string(statement.expiresAt)
	time.parse_rfc3339_ns(input.now) >= time.parse_rfc3339_ns(statement.expiresAt)
}
