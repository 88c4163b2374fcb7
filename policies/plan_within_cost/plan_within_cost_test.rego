package turnpike.rules.plan_within_cost_test

import data.turnpike.rules.plan_within_cost
import data.turnpike.testing
import data.turnpike.testing.inputs

nodes := "/terraformRoot/plan/resources/6"

sizes := sprintf("%s/attributes/instance_types.@each", [nodes])

times := sprintf("%s/attributes/scaling_config.@each.max_size", [nodes])

test_a_root_exactly_at_its_limit_passes if plan_within_cost.deny == set() with input as inputs.root

test_a_root_above_its_limit_is_denied if {
	denials := plan_within_cost.deny with input as testing.edited(inputs.root, {"/terraformRoot/monthlyCost": 169})
	testing.said(denials) == {["plan-too-costly", "at most 169 a month", "170"]}
}

test_what_it_costs_is_told_with_the_limit if {
	notes := plan_within_cost.note with input as inputs.root
	testing.said(notes) == {["plan-cost", "at most 170 a month", "170 a month, of 170 at most"]}
}

test_what_has_no_price_is_told_with_the_cost if {
	notes := plan_within_cost.note with input as told(sizes, true, ["u-24tb1.metal"])
	{note.actual | some note in notes} == {"0 a month, of 170 at most, without what has no price"}
	unlimited := testing.edited(inputs.root, {"/terraformRoot/monthlyCost": null})
	testing.said(plan_within_cost.note) == {["plan-cost", "no limit", "170 a month; there is no limit"]} with input as unlimited
}

test_no_plan_and_no_root_cost_nothing if {
	every edit in [{"/terraformRoot/plan": null}, {"/terraformRoot/removed": true}] {
		plan_within_cost.note == set() with input as testing.edited(inputs.root, edit)
	}
}

test_nodes_of_a_template_that_stands_elsewhere_are_denied if {
	denials := plan_within_cost.deny with input as group({"known": true, "values": ["lt-1"], "given": true, "begins": [], "sources": []})
	testing.said(denials) == {[
		"plan-template-unseen",
		"module.nodes.aws_eks_node_group.this: launch_template.@each.id: computed ",
		"lt-1",
	]}
}

test_nodes_of_a_template_that_is_planned_beside_them_pass if {
	beside := {"known": false, "values": [], "given": true, "begins": [], "sources": ["aws_launch_template.a.id"]}
	plan_within_cost.deny == set() with input as group(beside)
}

group(template) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/5": object.union(
		inputs.root.terraformRoot.plan.resources[5],
		{"type": "aws_launch_template", "at": "aws_launch_template.a", "attributes": {path: silent | some path in paths_of("aws_launch_template")}},
	),
	sprintf("%s/type", [nodes]): "aws_autoscaling_group",
	sprintf("%s/attributes", [nodes]): object.union(
		{path: silent | some path in paths_of("aws_autoscaling_group")},
		{"max_size": known(["0"]), "launch_template.@each.id": template},
	),
})

silent := {"known": true, "values": [], "given": false, "begins": [], "sources": []}

paths_of(type) := {path |
	some list in [data.turnpike.data.plans.checks, data.turnpike.data.plans.provisions]
	some one in list
	one.type == type
	some path in array.concat(object.get(one, "of", []), [object.get(one, "attribute", object.get(one, "kind", ""))])
	path != ""
}

test_everything_is_at_its_most if {
	denials := plan_within_cost.deny with input as told(times, true, ["3"])
	{denial.actual | some denial in denials} == {"255"}
}

test_of_several_sizes_the_dearest_counts if {
	denials := plan_within_cost.deny with input as told(sizes, true, ["m7i.large", "m7i.xlarge"])
	{denial.actual | some denial in denials} == {"340"}
}

test_what_has_one_price_has_it_once if {
	keys := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_nat_gateway", "/terraformRoot/monthlyCost": 34})
	denials := plan_within_cost.deny with input as keys
	testing.said(denials) == {["plan-too-costly", "at most 34 a month", "35"]}
}

test_a_size_without_a_price_is_denied if {
	denials := plan_within_cost.deny with input as told(sizes, true, ["m7i.large", "u-24tb1.metal"])
	testing.said(denials) == {[
		"plan-unpriced",
		"a price of aws_eks_node_group in policies/data/plans.yaml",
		"none that fits module.nodes.aws_eks_node_group.this",
	]}
}

test_a_size_or_a_number_that_nobody_knows_is_denied if {
	every path in {sizes, times} {
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, false, ["m7i.large"])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, false, ["2"])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, true, [])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, true, ["2 or 3"])
	}
}

test_what_there_is_more_of_in_each_is_as_many_times_as_dear if {
	denials := plan_within_cost.deny with input as app("3", "2")
	{denial.actual | some denial in denials} == {"420"}
	every numbers in [["", "2"], ["3", ""]] {
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as app(numbers[0], numbers[1])
	}
}

app(replicas, containers) := testing.edited(inputs.root, {
	sprintf("%s/type", [nodes]): "azurerm_container_app",
	sprintf("%s/attributes", [nodes]): {
		"template.@each.container.@each.cpu": known(["1"]),
		"template.@each.max_replicas": known([replicas | replicas != ""]),
		"template.@each.container.@count": known([containers | containers != ""]),
	},
})

known(values) := {"known": true, "values": values, "given": true, "begins": [], "sources": []}

test_a_type_without_a_price_is_denied if {
	other := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_redshift_cluster"})
	testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as other
}

test_data_costs_nothing if {
	other := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_redshift_cluster", sprintf("%s/mode", [nodes]): "data"})
	plan_within_cost.deny == set() with input as other
}

test_an_environment_without_a_limit_is_denied if {
	denials := plan_within_cost.deny with input as testing.edited(inputs.root, {"/terraformRoot/monthlyCost": null})
	testing.said(denials) == {["cost-limit-missing", "infrastructure.monthlyCost of the environment", "none"]}
}

test_what_goes_costs_nothing if {
	gone := testing.edited(inputs.root, {sprintf("%s/stands", [nodes]): false, "/terraformRoot/monthlyCost": 0})
	plan_within_cost.deny == set() with input as gone
}

test_a_change_as_a_whole_costs_nothing if plan_within_cost.deny == set() with input as inputs.change

told(path, known, values) := testing.edited(inputs.root, {path: {"known": known, "values": values}})

test_what_is_ordered_with_a_resource_costs_beside_it if {
	costs(database({})) == {"80"}
	costs(database({"allocated_storage": known(["200"])})) == {"105"}
	costs(database({"max_allocated_storage": known(["400"])})) == {"155"}
	costs(database({"iops": known(["4000"])})) == {"130"}
	costs(database({"storage_throughput": known(["225"])})) == {"100"}
}

test_a_kind_of_storage_has_its_own_rate if {
	costs(database({"storage_type": known(["io2"]), "iops": known(["1000"])})) == {"335"}
	costs(database({"storage_type": known([])})) == {"80"}
	costs(database({"storage_type": left_out})) == {"80"}
	unpriced(database({"storage_type": known(["io9"])}))
	unpriced(database({"storage_type": known(["gp3", "io9"])}))
	unpriced(database({"storage_type": unknown}))
	unpriced(database({"storage_type": object.union(left_out, {"values": ["gp3"]})}))
}

test_too_little_and_too_much_have_no_price if {
	unpriced(database({"storage_type": known(["io2"]), "iops": known(["999"])}))
	unpriced(database({"allocated_storage": known(["65537"])}))
}

test_what_nobody_says_is_reckoned_as_usual if {
	costs(database({"allocated_storage": known([])})) == {"80"}
	costs(database({"allocated_storage": left_out})) == {"80"}
	unpriced(database({"allocated_storage": unknown}))
	unpriced(database({"allocated_storage": known(["many"])}))
}

test_what_is_free_has_no_larger_disks_for_it if {
	costs(template("200", "1")) == {"0"}
	unpriced(template("201", "1"))
	unpriced(template("200", "2"))
}

test_what_is_ordered_is_ordered_as_often_as_there_are_nodes if {
	costs(pool(known(["300"]), known(["3"]))) == {"260"}
	costs(pool(known(["300"]), left_out)) == {"170"}
	unpriced(pool(known(["300"]), unknown))
	unpriced(pool(known(["300"]), object.union(left_out, {"known": true})))
}

costs(what) := {denial.actual | some denial in denials; denial.code == "plan-too-costly"} if {
	denials := plan_within_cost.deny with input as what
	testing.codes(denials) == {"plan-too-costly"}
}

unpriced(what) if "plan-unpriced" in testing.codes(plan_within_cost.deny) with input as what

left_out := {"known": false, "values": [], "given": false, "begins": [], "sources": []}

unknown := {"known": false, "values": [], "given": true, "begins": [], "sources": []}

# A small database, where 55 is the machine and 25 its 100 GiB; everything is too dear.
database(edits) := only("aws_db_instance", object.union(
	{
		"instance_class": known(["db.t4g.medium"]),
		"storage_type": known(["gp3"]),
		"allocated_storage": known(["100"]),
		"max_allocated_storage": known([]),
		"iops": known([]),
		"storage_throughput": known([]),
	},
	edits,
))

template(gibibytes, disks) := only("aws_launch_template", {
	"block_device_mappings.@each.ebs.@each.volume_size": known([gibibytes]),
	"block_device_mappings.@each.ebs.@each.volume_type": known(["gp3"]),
	"block_device_mappings.@each.ebs.@each.iops": known([]),
	"block_device_mappings.@each.ebs.@each.throughput": known([]),
	"block_device_mappings.@count": known([disks]),
	"instance_requirements.@count": known([]),
	"instance_type": known([]),
})

# Two machines, of which how many disks there are may be told otherwise.
pool(gibibytes, often) := only("aws_instance", object.union(
	{path: known([]) | some path in beside},
	{
		"instance_type": known(["m7i.xlarge"]),
		"ebs_block_device.@each.volume_size": gibibytes,
		"ebs_block_device.@each.volume_type": known(["gp3"]),
		"ebs_block_device.@count": often,
	},
))

beside := [path |
	some provision in data.turnpike.data.plans.provisions
	provision.type == "aws_instance"
	some path in array.concat(provision.of, [provision.kind])
]

only(kind, attributes) := testing.edited(inputs.root, {
	"/terraformRoot/monthlyCost": -1,
	sprintf("%s/type", [nodes]): kind,
	sprintf("%s/attributes", [nodes]): attributes,
})
