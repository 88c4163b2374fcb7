// Only for the CRDs' YAML in these modules: nothing here is compiled.
module turnpike.dev/tools/crds

go 1.24

require (
	github.com/kserve/kserve v0.16.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
