output "delivers_principal" {
  description = "What Argo CD is to the cloud where it enters targets; it reads no secret."
  value       = aws_iam_role.this["delivers"].arn
}

output "secrets_grantee" {
  description = "The identity that reads Argo CD's secrets, as readers of the module secret_store; it enters no target."
  value       = aws_iam_role.this["secrets"].arn
}

output "manifests" {
  description = "What is applied once where Argo CD runs; there is no secret in it."
  value = templatefile("${path.module}/bootstrap.yaml.tftpl", {
    accounts = flatten([
      for what, names in local.identities : [
        for name in names : { name = name, annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.this[what].arn } }
      ]
    ])
    labels   = {}
    provider = { aws = { service = "SecretsManager", region = var.region, auth = { jwt = { serviceAccountRef = { name = "argocd-secrets" } } } } }
    keys     = { repository = var.secret_ids.repository, sign_on = var.secret_ids.sign_on }
    clusters = {
      for name, target in var.targets : name => {
        server = target.endpoint
        config = {
          awsAuthConfig   = { clusterName = element(split("/", target.cluster_id), -1) }
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
  value       = templatefile("${path.module}/target.yaml.tftpl", { subject = { kind = "Group", name = local.group } })
}
