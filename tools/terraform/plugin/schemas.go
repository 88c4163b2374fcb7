package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// provider is one provider of schemas.json.
type provider struct {
	Provider  block            `json:"provider"`
	Resources map[string]block `json:"resources"`
	Data      map[string]block `json:"data"`
}

// block is what may stand between two braces: attributes as [type, use], and nested blocks.
type block struct {
	Attributes map[string][2]json.RawMessage `json:"attributes"`
	Blocks     map[string]nested             `json:"blocks"`
}

// nested is a block in a block; Max 0 means any number.
type nested struct {
	Nesting string `json:"nesting"`
	Min     int64  `json:"min"`
	Max     int64  `json:"max"`
	Block   block  `json:"block"`
}

var nestings = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
}

// readSchemas gives the schemas of one provider, or says which providers there are.
func readSchemas(document []byte, name string) (*tfprotov5.GetProviderSchemaResponse, error) {
	var providers map[string]provider
	if err := json.Unmarshal(document, &providers); err != nil {
		return nil, fmt.Errorf("schemas.json: %w", err)
	}
	found, known := providers[name]
	if !known {
		return nil, fmt.Errorf("schemas.json: expected the provider %s, it has %v", name, keys(providers))
	}
	return found.response()
}

func (p provider) response() (*tfprotov5.GetProviderSchemaResponse, error) {
	own, err := p.Provider.schema()
	if err != nil {
		return nil, fmt.Errorf("schemas.json: provider: %w", err)
	}
	resources, err := schemasOf(p.Resources)
	if err != nil {
		return nil, err
	}
	data, err := schemasOf(p.Data)
	if err != nil {
		return nil, err
	}
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:          own,
		ResourceSchemas:   resources,
		DataSourceSchemas: data,
	}, nil
}

func schemasOf(blocks map[string]block) (map[string]*tfprotov5.Schema, error) {
	schemas := make(map[string]*tfprotov5.Schema, len(blocks))
	for name, block := range blocks {
		schema, err := block.schema()
		if err != nil {
			return nil, fmt.Errorf("schemas.json: %s: %w", name, err)
		}
		schemas[name] = schema
	}
	return schemas, nil
}

func (b block) schema() (*tfprotov5.Schema, error) {
	converted, err := b.convert()
	return &tfprotov5.Schema{Block: converted}, err
}

func (b block) convert() (*tfprotov5.SchemaBlock, error) {
	result := &tfprotov5.SchemaBlock{}
	for _, name := range keys(b.Attributes) {
		attribute, err := attributeOf(name, b.Attributes[name])
		if err != nil {
			return nil, err
		}
		result.Attributes = append(result.Attributes, attribute)
	}
	for _, name := range keys(b.Blocks) {
		inner, err := b.Blocks[name].convert(name)
		if err != nil {
			return nil, err
		}
		result.BlockTypes = append(result.BlockTypes, inner)
	}
	return result, nil
}

func attributeOf(name string, written [2]json.RawMessage) (*tfprotov5.SchemaAttribute, error) {
	kind, err := tftypes.ParseJSONType(written[0]) //nolint:staticcheck // the one reader of this form
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var use string
	if err := json.Unmarshal(written[1], &use); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &tfprotov5.SchemaAttribute{
		Name:     name,
		Type:     kind,
		Required: use == "required",
		Optional: use == "optional" || use == "optional computed",
		Computed: use == "computed" || use == "optional computed",
	}, nil
}

func (n nested) convert(name string) (*tfprotov5.SchemaNestedBlock, error) {
	mode, known := nestings[n.Nesting]
	if !known {
		return nil, fmt.Errorf("%s: expected a nesting of single, list or set, got %s", name, n.Nesting)
	}
	inner, err := n.Block.convert()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &tfprotov5.SchemaNestedBlock{
		TypeName: name,
		Block:    inner,
		Nesting:  mode,
		MinItems: n.Min,
		MaxItems: n.Max,
	}, nil
}

func keys[V any](from map[string]V) []string {
	names := make([]string, 0, len(from))
	for name := range from {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
