output "delivers_principal" {
  description = "What Argo CD is to the cloud where it enters targets; it reads no secret."
  value       = azurerm_user_assigned_identity.this["delivers"].client_id
}

output "secrets_grantee" {
  description = "The identity that reads Argo CD's secrets, as readers of the module secret_store; it enters no target."
  value       = azurerm_user_assigned_identity.this["secrets"].principal_id
}

output "manifests" {
  description = "What is applied once where Argo CD runs; there is no secret in it."
  value = templatefile("${path.module}/bootstrap.yaml.tftpl", {
    accounts = flatten([
      for what, names in local.identities : [
        for name in names : { name = name, annotations = { "azure.workload.identity/client-id" = azurerm_user_assigned_identity.this[what].client_id } }
      ]
    ])
    labels = { "azure.workload.identity/use" = "true" }
    provider = {
      azurekv = { authType = "WorkloadIdentity", tenantId = azurerm_user_assigned_identity.this["secrets"].tenant_id, vaultUrl = regex("^https://[^/]+", var.secret_ids.sign_on), serviceAccountRef = { name = "argocd-secrets" } }
    }
    keys = { for name, id in var.secret_ids : name => element(split("/", id), -1) }
    clusters = {
      for name, target in var.targets : name => {
        server = "https://${target.endpoint}"
        config = {
          execProviderConfig = {
            command    = "argocd-k8s-auth"
            args       = ["azure"]
            env        = { AAD_ENVIRONMENT_NAME = "AzurePublicCloud", AAD_LOGIN_METHOD = "workloadidentity", AZURE_CLIENT_ID = azurerm_user_assigned_identity.this["delivers"].client_id }
            apiVersion = "client.authentication.k8s.io/v1beta1"
          }
          tlsClientConfig = { insecure = false, caData = target.certificate_authority }
        }
      }
    }
    repository = var.repository
    gate_keys  = var.gate_keys
  })
}

output "target_manifests" {
  description = "What is applied once in each target, so that Argo CD may write there what Turnpike renders."
  value       = templatefile("${path.module}/target.yaml.tftpl", { subject = { kind = "User", name = azurerm_user_assigned_identity.this["delivers"].principal_id } })
}
