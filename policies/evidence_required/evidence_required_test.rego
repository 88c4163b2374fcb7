package turnpike.rules.evidence_required_test

import data.turnpike.rules.evidence_required
import data.turnpike.testing
import data.turnpike.testing.inputs

test_the_evidence_of_a_high_tier_passes if evidence_required.deny == set() with input as inputs.model

test_a_generative_model_needs_no_run if evidence_required.deny == set() with input as inputs.generative

test_each_missing_statement_is_denied if {
	denials := evidence_required.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.said(denials) == {
		["evidence-missing", "validation (run: platform), isolated and bound to this manifest", "none"],
		["evidence-missing", "validation (run: team), isolated and bound to this manifest", "none"],
		["evidence-missing", "bill-of-materials (run: none), isolated and bound to this manifest", "none"],
	}
}

test_a_low_tier_needs_the_platform_run_alone if {
	low := testing.edited(inputs.model, {"/model/riskTier": "low", "/evidence": [inputs.model.evidence[0]]})
	evidence_required.deny == set() with input as low
}

test_a_run_that_was_not_isolated_does_not_count if {
	denials := evidence_required.deny with input as testing.edited(inputs.model, {"/evidence/0/isolated": false})
	testing.said(denials) == {[
		"evidence-missing",
		"validation (run: platform), isolated and bound to this manifest",
		"2 of the kind, of another run, not isolated, or for another manifest",
	]}
}

test_a_run_for_another_manifest_does_not_count if {
	denials := evidence_required.deny with input as testing.edited(inputs.model, {"/evidence/1/bound": false})
	testing.said(denials) == {[
		"evidence-missing",
		"validation (run: team), isolated and bound to this manifest",
		"2 of the kind, of another run, not isolated, or for another manifest",
	]}
}

test_a_run_by_the_wrong_role_does_not_count if {
	denials := evidence_required.deny with input as testing.edited(inputs.model, {"/evidence/0/role": "registrar"})
	testing.codes(denials) == {"evidence-missing"}
}

test_another_predicate_does_not_count if {
	denials := evidence_required.deny with input as testing.edited(inputs.generative, {"/evidence": [inputs.model.evidence[3]]})
	testing.said(denials) == {["evidence-missing", "bill-of-materials (run: none), isolated and bound to this manifest", "none"]}
}

test_a_draft_is_refused_elsewhere if {
	evidence_required.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
}

test_a_deployment_is_not_asked if evidence_required.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": []})
