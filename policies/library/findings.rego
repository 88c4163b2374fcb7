# METADATA
# title: Findings
# description: The one shape of what a rule says against a subject, filled from its METADATA.
package turnpike.library.findings

# METADATA
# description: The denial of the rule whose METADATA is given; code and solution stand there.
denial(annotations, message, expected, actual) := {
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
