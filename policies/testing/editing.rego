# METADATA
# title: Testing
# description: How the tests of rules vary an input, and what they compare of a denial.
package turnpike.testing

# METADATA
# description: >-
#   The document with each path (a JSON pointer) given another value; a path that the document
#   lacks is an error, so that no test edits what the judge never sends.
edited(document, values) := json.patch(document, [{"op": "replace", "path": path, "value": value} |
	some path, value in values
])

# METADATA
# description: Code, expected and actual of each denial.
said(denials) := {[denial.code, denial.expected, denial.actual] | some denial in denials}

# METADATA
# description: The codes of the denials.
codes(denials) := {denial.code | some denial in denials}
