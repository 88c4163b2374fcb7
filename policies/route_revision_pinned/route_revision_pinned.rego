# METADATA
# title: A route names one revision
# description: >-
#   A generative model names a dated or numbered revision of the provider's model. A name that the
#   provider moves, such as `latest`, would change what answers without any change in Git.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.routes: schema.data.routes
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/routes.yaml
package turnpike.rules.route_revision_pinned

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The revision moves
# custom:
#   code: route-revision-mutable
#   solution: Name the dated snapshot or the number of the revision that the provider publishes.
deny contains finding if {
	input.subject.kind == "model"
	route := input.model.route
	some part in ["revision", "model"]
	moves(route[part])
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The route's %s %q names something else tomorrow.", [part, route[part]]),
		"a dated or numbered revision",
		route[part],
		[[remedies.said(
			remedies.such_as(["model", "route", part], "20260101"),
			sprintf("the route's %s is dated or numbered", [part]),
		)]],
	)
}

moves(text) if lower(text) in data.turnpike.data.routes.mutable

moves(text) if {
	some mutable in data.turnpike.data.routes.mutable
	endswith(lower(text), concat("", ["-", mutable]))
}
