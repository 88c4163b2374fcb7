# METADATA
# title: Remedies
# description: >-
#   What would satisfy a rule, in a form that can be tried: a denial names its remedies, the judge
#   decides again as if they had been carried out, and tells people what turned out to be enough.
#   Remedies are a list of options; an option is a list of changes that belong together. They change
#   no verdict, and nothing in them may be undefined.
package turnpike.library.remedies

import data.turnpike.library.evidence
import data.turnpike.library.metrics

# METADATA
# description: A field of the input has this value, and no other would do.
exactly(path, value) := {"kind": "field", "path": path, "bound": "exactly", "value": value}

# METADATA
# description: A field of the input has a value such as this one.
such_as(path, value) := {"kind": "field", "path": path, "bound": "such-as", "value": value}

# METADATA
# description: A field of the input is a number that is at least this one.
at_least(path, value) := {"kind": "field", "path": path, "bound": "at-least", "value": value}

# METADATA
# description: A field of the input is a number that is at most this one.
at_most(path, value) := {"kind": "field", "path": path, "bound": "at-most", "value": value}

# METADATA
# description: A list in the input has this item as well.
includes(path, item) := {"kind": "field", "path": path, "bound": "includes", "value": item}

# METADATA
# description: A field of the input has one of these values.
one_of(path, values) := {"kind": "field", "path": path, "bound": "one-of", "value": values}

# METADATA
# description: It is this moment, or later.
later(moment) := {"kind": "time", "until": moment}

# METADATA
# description: Observers have seen the release healthy in a stage for as long as is demanded.
soaked(stage, seen) := said(
	includes(["deployment", "sources"], {
		"environment": stage,
		"target": input.deployment.target.name,
		"artifact": input.deployment.release.artifact,
		"manifest": input.deployment.release.manifest,
		"version": input.deployment.release.version,
		"healthySeconds": input.deployment.environment.soakSeconds,
	}),
	sprintf("%d more seconds seen healthy in %s", [input.deployment.environment.soakSeconds - seen, stage]),
)

# METADATA
# description: A step of a rollout took place before.
carried_out(step) := said(
	exactly(["deployment", "rollout", "skipped"], []),
	sprintf("step %d of the rollout is carried out: %d %% in %s", [step.number, step.traffic, concat(", ", step.targets)]),
)

# METADATA
# description: Observers have seen a step of a rollout within its limits, for long enough.
analysis_passed(number, analysis) := said(
	exactly(["deployment", "rollout", "analyses", number, "verdict"], "passed"),
	sprintf("the analysis of step %d in %s passes: %s", [
		analysis.number,
		analysis.target,
		concat("; ", analysis.reasons),
	]),
)

# METADATA
# description: The same remedy, in words of the rule's own.
said(remedy, text) := object.union(remedy, {"text": text})

# METADATA
# description: A statement of this kind exists, clean and bound to the manifest.
statement(predicate, run) := {
	"kind": "statement",
	"predicateType": data.turnpike.data.evidence.predicates[predicate].type,
	"run": run,
}

# METADATA
# description: A check that failed passes.
passed(from, check) := {
	"kind": "check",
	"predicateType": from.predicateType,
	"run": from.run,
	"name": check.name,
	"expected": check.expected,
}

# METADATA
# description: The platform's run measures a metric on a slice as well as this.
measured(slice, metric, value) := {
	"kind": "metric",
	"slice": slice,
	"metric": metric,
	"bound": bound(metric),
	"value": value,
}

# METADATA
# description: The same, where there may be no run at all yet that could have measured it.
measured_at_all(slice, metric, value) := measured(slice, metric, value) if {
	count(evidence.platform_runs) > 0
}

measured_at_all(_, _, _) := statement("validation", "platform") if {
	count(evidence.platform_runs) == 0
}

# METADATA
# description: A metric is measured on this many records.
measured_on(slice, metric, least) := {
	"kind": "records",
	"slice": slice,
	"metric": metric,
	"value": least,
}

# METADATA
# description: The people who are still missing from a requirement approve.
approval(requirement) := {
	"kind": "approval",
	"group": requirement.group,
	"count": requirement.missing,
}

# METADATA
# description: The change leaves out the files below a folder.
leave_out(folder) := {"kind": "leave-out", "under": folder}

# METADATA
# description: The change leaves out its release to this target.
leave_out_release := leave_out(sprintf("environments/%s/", [input.subject.id]))

# METADATA
# description: What a service level may look like; which one a team can keep, only the team knows.
some_service_level := {"availabilityPercent": 99, "latencyP95Milliseconds": 1000}

# METADATA
# description: The change keeps the files of one class.
keep_class(class) := {"kind": "class", "class": class}

bound(metric) := "at-most" if metrics.lower_is_better(metric)

bound(metric) := "at-least" if not metrics.lower_is_better(metric)

# METADATA
# description: The manifest's threshold for a metric on a slice is as strict as this.
thresholds(slice, metric, value) := [{
	"kind": "field",
	"path": path,
	"bound": bound(metric),
	"value": value,
} |
	path := threshold_path(slice, metric)
]

threshold_path("overall", metric) := ["model", "validation", "thresholds", metric]

threshold_path(slice, metric) := ["model", "validation", "slices", slice_number(slice), "thresholds", metric] if {
	slice != "overall"
}

# METADATA
# description: Where a slice stands in the manifest; undefined where it has none of that name.
slice_number(name) := min([number | input.model.validation.slices[number].name == name])

# METADATA
# description: Options to enter the environment in order, through one that it promotes from.
promotions := [option |
	some source in input.deployment.environment.promotesFrom
	option := [
		exactly(["deployment", "release", "promotedFrom"], source),
		stands_in(source),
	]
] if {
	count(input.deployment.environment.promotesFrom) > 0
}

promotions := [[exactly(["deployment", "release", "promotedFrom"], null)]] if {
	count(input.deployment.environment.promotesFrom) == 0
}

# METADATA
# description: The same bytes with the same manifest stand in an environment already.
stands_in(source) := said(
	includes(["deployment", "sources"], {
		"environment": source,
		"target": input.deployment.target.name,
		"artifact": input.deployment.release.artifact,
		"manifest": input.deployment.release.manifest,
		"version": input.deployment.release.version,
		"healthySeconds": 0,
	}),
	sprintf("version %s of %s/%s stands in %s first", [
		input.deployment.release.version,
		input.deployment.release.team,
		input.deployment.release.model,
		source,
	]),
)

# METADATA
# description: Options to ask for no more of a resource than the quota, or to have it raised.
smaller(resource, most) := array.concat(
	array.concat(fewer_replicas(resource, room(resource, most)), smaller_replicas(resource, room(resource, most))),
	[[at_least(["team", "quota", resource], input.deployment.usage[resource])]],
)

# What the other deployments leave of the quota.
room(resource, most) := (most - input.deployment.usage[resource]) + (input.deployment.resources[resource] * input.deployment.replicas.maximum)

fewer_replicas(resource, left) := [[at_most(["deployment", "replicas", "maximum"], replicas)] |
	input.deployment.resources[resource] > 0
	replicas := floor(left / input.deployment.resources[resource])
	replicas >= max([1, input.deployment.replicas.minimum])
]

smaller_replicas(resource, left) := [[at_most(["deployment", "resources", resource], size)] |
	size := floor(left / input.deployment.replicas.maximum)
	size >= 1
]
