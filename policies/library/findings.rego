# METADATA
# title: Findings
# description: The one shape of what a rule says against a subject, filled from its METADATA.
package turnpike.library.findings

# METADATA
# description: The denial of the rule whose METADATA is given; code and solution stand there, and in
#   `yields_to` what may take it away (waiver, emergency, rollback); where nothing stands, nothing
#   may.
#   `remedies` are made by the library of that name; [] where nothing that can be tried would help.
denial(annotations, message, expected, actual, remedies) := {
	"code": annotations.custom.code,
	"message": message,
	"expected": expected,
	"actual": actual,
	"solution": annotations.custom.solution,
	"remedies": remedies,
	"yieldsTo": object.get(annotations.custom, "yields_to", []),
}

# METADATA
# description: What the rule whose METADATA is given tells beside its denials; it decides nothing.
note(annotations, message, expected, actual) := {
	"code": annotations.custom.code,
	"message": message,
	"expected": expected,
	"actual": actual,
	"solution": annotations.custom.solution,
}

# METADATA
# description: The items as text for people, sorted; "nothing" where there are none.
listed(items) := concat(", ", sort(items)) if count(items) > 0

listed(items) := "nothing" if count(items) == 0
