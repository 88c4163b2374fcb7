// Command plugin speaks Terraform's provider protocol for the provider that its file name says
// (terraform-provider-google_v6.50.0 is google), with schemas from schemas.json and no cloud behind.
package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

//go:embed schemas.json
var document []byte

func main() {
	if err := run(filepath.Base(os.Args[0])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(program string) error {
	name, err := providerOf(program)
	if err != nil {
		return err
	}
	schemas, err := readSchemas(document, name)
	if err != nil {
		return err
	}
	address := "registry.terraform.io/hashicorp/" + name
	return tf5server.Serve(address, func() tfprotov5.ProviderServer { return &server{schemas} })
}

// providerOf reads the provider's name out of the program's: terraform-provider-NAME_vVERSION.
func providerOf(program string) (string, error) {
	rest, found := strings.CutPrefix(program, "terraform-provider-")
	name, _, versioned := strings.Cut(rest, "_v")
	if !found || !versioned {
		return "", fmt.Errorf("expected a name like terraform-provider-NAME_vVERSION, got %s", program)
	}
	return name, nil
}
