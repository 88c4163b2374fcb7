# The state: remote, locked by a lease, reached by federation. The account is made once, by hand, before anything else.
terraform {
  backend "azurerm" {
    resource_group_name  = "example-turnpike-production"
    storage_account_name = "exampleturnpikeprodstate"
    container_name       = "state"
    key                  = "production/azure"
    use_azuread_auth     = true
    use_oidc             = true
  }
}
