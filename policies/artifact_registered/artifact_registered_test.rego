package turnpike.rules.artifact_registered_test

import data.turnpike.rules.artifact_registered
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_registered_artifact_passes if artifact_registered.deny == set() with input as inputs.model

test_a_registered_route_passes if artifact_registered.deny == set() with input as inputs.generative

test_a_deployment_is_not_asked if {
	bare := testing.edited(inputs.deployment, {"/model/artifact": null})
	artifact_registered.deny == set() with input as bare
	artifact_registered.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": []})
}

test_a_draft_is_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/model/artifact": null})
	testing.said(denials) == {["artifact-missing", "artifact: registryModel, version, digest and format", "none"]}
}

test_no_manifest_at_all_is_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/model": null})
	testing.codes(denials) == {"artifact-missing"}
}

test_a_deleted_model_needs_no_artifact if {
	deleted := testing.edited(inputs.model, {
		"/model": null,
		"/change/deletedModels": [inputs.model.subject.id],
	})
	artifact_registered.deny == set() with input as deleted
}

test_other_bytes_in_the_registry_are_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/registry/digest": "sha256:00"})
	testing.said(denials) == {["registry-digest-differs", inputs.model.model.artifact.digest, "sha256:00"]}
}

test_a_version_that_the_registry_lacks_is_denied if {
	unknown := testing.edited(inputs.model, {"/registry": {"found": false, "digest": null}})
	denials := artifact_registered.deny with input as unknown
	testing.said(denials) == {["registry-digest-differs", inputs.model.model.artifact.digest, "no such version"]}
}

test_a_registry_that_was_not_asked_is_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/registry": null})
	testing.codes(denials) == {"registry-digest-differs"}
}

test_an_artifact_without_provenance_is_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.said(denials) == {["provenance-missing", "SLSA provenance of this artifact, signed by a registrar", "none"]}
}

test_provenance_by_another_role_is_denied if {
	denials := artifact_registered.deny with input as testing.edited(inputs.model, {"/evidence/3/role": "validator"})
	testing.codes(denials) == {"provenance-missing"}
}

test_a_draft_needs_no_provenance_yet if {
	draft := testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
	testing.codes(artifact_registered.deny) == {"artifact-missing"} with input as draft
}
