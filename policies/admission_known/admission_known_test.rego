package turnpike.rules.admission_known_test

import data.turnpike.rules.admission_known
import data.turnpike.testing
import data.turnpike.testing.inputs

test_an_admitted_release_passes if admission_known.deny == set() with input as inputs.deployment

test_a_model_has_no_release_to_admit if admission_known.deny == set() with input as inputs.model

test_a_release_that_no_decision_admitted_is_denied if {
	denials := admission_known.deny with input as testing.edited(inputs.deployment, {"/deployment/admitted": false})
	release := inputs.deployment.deployment.release
	testing.said(denials) == {[
		"admission-unknown",
		sprintf("a signed allow of %s with manifest %s", [release.artifact, release.manifest]),
		sprintf("decision %s", [release.decision]),
	]}
}

test_a_deployment_that_cannot_be_read_is_denied if {
	denials := admission_known.deny with input as testing.edited(inputs.deployment, {"/deployment": null})
	testing.said(denials) == {[
		"deployment-unreadable",
		"a release, its environment, its target and its manifest",
		"at least one of them is missing",
	]}
}

test_a_deleted_deployment_needs_no_admission if {
	deleted := testing.edited(inputs.deployment, {
		"/deployment": null,
		"/change/deletedReleases": [inputs.deployment.subject.id],
	})
	admission_known.deny == set() with input as deleted
}
