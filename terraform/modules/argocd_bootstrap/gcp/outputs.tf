output "delivers_principal" {
  description = "What Argo CD is to the cloud where it enters targets; it reads no secret."
  value       = google_service_account.this["delivers"].email
}

output "secrets_grantee" {
  description = "The identity that reads Argo CD's secrets, as readers of the module secret_store; it enters no target."
  value       = google_service_account.this["secrets"].email
}

output "manifests" {
  description = "What is applied once where Argo CD runs; there is no secret in it."
  value = templatefile("${path.module}/bootstrap.yaml.tftpl", {
    accounts = flatten([
      for what, names in local.identities : [
        for name in names : { name = name, annotations = { "iam.gke.io/gcp-service-account" = google_service_account.this[what].email } }
      ]
    ])
    labels = {}
    provider = {
      gcpsm = {
        projectID = var.account
        auth = {
          workloadIdentity = {
            clusterProjectID  = local.cluster.project, clusterLocation = local.cluster.location, clusterName = local.cluster.name
            serviceAccountRef = { name = "argocd-secrets" }
          }
        }
      }
    }
    keys = { for name, id in var.secret_ids : name => element(split("/", id), -1) }
    clusters = {
      for name, target in var.targets : name => {
        server = "https://${target.endpoint}"
        config = {
          execProviderConfig = { command = "argocd-k8s-auth", args = ["gcp"], apiVersion = "client.authentication.k8s.io/v1beta1" }
          tlsClientConfig    = { insecure = false, caData = target.certificate_authority }
        }
      }
    }
    repository = var.repository
    gate_keys  = var.gate_keys
  })
}

output "target_manifests" {
  description = "What is applied once in each target, so that Argo CD may write there what Turnpike renders."
  value       = templatefile("${path.module}/target.yaml.tftpl", { subject = { kind = "User", name = google_service_account.this["delivers"].email } })
}
