# METADATA
# title: Somebody is on call
# description: >-
#   The manifest names the rotation that answers the model's alerts, and the rotation is one of the
#   team's in the organisation.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/organisation.yaml (teams)
package turnpike.rules.on_call_present

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: Nobody is on call
# custom:
#   code: on-call-missing
#   yields_to: [waiver]
#   solution: Add `onCall` with a rotation of the team and a channel to model.yaml.
deny contains finding if {
	input.subject.kind == "model"
	is_object(input.model)
	not has_on_call
	finding := findings.denial(
		rego.metadata.rule(),
		"Nobody answers the model's alerts.",
		"onCall: rotation and channel",
		"none",
		[[remedies.such_as(["model", "onCall"], {
			"rotation": rotation,
			"channel": sprintf("#%s", [input.subject.team]),
		})] |
			rotation := min(rotations)
		],
	)
}

# METADATA
# title: The rotation is not the team's
# custom:
#   code: on-call-unknown
#   yields_to: [waiver]
#   solution: >-
#     Name a rotation that policies/data/organisation.yaml lists for the team, or have it added there
#     by a change of class organisation.
deny contains finding if {
	input.subject.kind == "model"
	rotation := input.model.onCall.rotation
	not rotation in rotations
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s has no rotation %q.", [input.subject.team, rotation]),
		findings.listed(rotations),
		rotation,
		[[remedies.one_of(["model", "onCall", "rotation"], sort(rotations))] |
			count(rotations) > 0
		],
	)
}

rotations contains rotation if some rotation in input.team.onCallRotations

# A rule of its own: `not is_object(input.model.onCall)` is undefined where the model is null.
has_on_call if is_object(input.model.onCall)
