# METADATA
# title: The tier's evidence is there
# description: >-
#   Each kind of model and risk tier needs its own set of signed statements. A statement counts when
#   the right role issued it for this artifact, its run was isolated, and it is bound to the part of
#   the manifest that evidence depends on.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.evidence: schema.data.evidence
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/evidence.yaml
package turnpike.rules.evidence_required

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: A statement is missing
# custom:
#   code: evidence-missing
#   solution: >-
#     Run `turnpike validate --pr N` (and `turnpike register` for provenance and bill of
#     materials) after the last change of artifact, data, signature or validation.
deny contains finding if {
	input.subject.kind == "model"
	is_object(input.model.artifact)
	some needed in data.turnpike.data.evidence.required[input.model.kind][input.model.riskTier]
	count(evidence.of_run(needed.predicate, needed.run)) == 0
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("A %s model of tier %s needs a statement that is missing.", [
			input.model.kind,
			input.model.riskTier,
		]),
		sprintf("%s (run: %s), isolated and bound to this manifest", [needed.predicate, needed.run]),
		found(needed.predicate),
		[[remedies.statement(needed.predicate, needed.run)]],
	)
}

found(predicate) := "none" if count(evidence.issued(predicate)) == 0

found(predicate) := sprintf("%d of the kind, of another run, not isolated, or for another manifest", [total]) if {
	total := count(evidence.issued(predicate))
	total > 0
}
