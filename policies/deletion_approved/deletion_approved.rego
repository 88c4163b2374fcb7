# METADATA
# title: A deletion has its own approval
# description: >-
#   Deleting a model needs an approval that is asked for because of the deletion, beside those of its
#   owners; and one change deletes little, so that an accident stays small. A release that a stop on
#   main recalls is not counted: taking it out of service is no accident.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.deletion: schema.data.deletion
# custom:
#   applies_to: [change]
#   severity: blocking
#   data: policies/data/deletion.yaml
package turnpike.rules.deletion_approved

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The deletion is not approved as such
# custom:
#   code: deletion-unapproved
#   solution: >-
#     Ask a platform owner for a review of the deletion, or set `lifecycle: retired` in model.yaml
#     instead, which keeps the model and its history.
deny contains finding if {
	input.subject.kind == "change"
	count(input.change.deletedModels) > 0
	not approved
	finding := findings.denial(
		rego.metadata.rule(),
		"The deletion of a model needs an approval of its own.",
		"a met requirement whose reason is the deletion",
		sprintf("deleted without it: %s", [findings.listed(input.change.deletedModels)]),
		[[remedies.approval(requirement)] |
			some requirement in input.requirements
			startswith(requirement.reason, "deletion of ")
		],
	)
}

# METADATA
# title: The change deletes too much
# custom:
#   code: deletion-too-large
#   solution: >-
#     Split the deletion into several pull requests, each reviewed by itself; in a recall let a stop
#     on main name what is bad first (`turnpike stop set --recalls`), for that does not count.
deny contains finding if {
	input.subject.kind == "change"
	some kind, deleted in {
		"models": input.change.deletedModels,
		"releases": [name |
			some name in input.change.deletedReleases
			not name in input.change.recalledReleases
		],
	}
	count(deleted) > most[kind]
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("One change may delete few %s, so that each is looked at.", [kind]),
		sprintf("at most %d", [most[kind]]),
		sprintf("%d", [count(deleted)]),
		[[remedies.leave_out(sprintf("%s/%s/", [folder, name])) |
			folder := {"models": "models", "releases": "environments"}[kind]
			some name in array.slice(sort(deleted), most[kind], count(deleted))
		]],
	)
}

most := {
	"models": data.turnpike.data.deletion.mostModels,
	"releases": data.turnpike.data.deletion.mostReleases,
}

approved if {
	some requirement in input.requirements
	startswith(requirement.reason, "deletion of ")
	requirement.missing == 0
}
