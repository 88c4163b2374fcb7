# How people and programs come in. tests/servers/test_sign_on_mlflow.py runs a server by it.
locals {
  sign_on = {
    DEFAULT_MLFLOW_PERMISSION      = "NO_PERMISSIONS"
    OIDC_ADMIN_GROUP_NAME          = join(",", sort(var.sign_on.administrators))
    OIDC_AUDIENCE                  = var.sign_on.client_id # or a token for any other program would do
    OIDC_CLIENT_ID                 = var.sign_on.client_id
    OIDC_DISCOVERY_URL             = "${trimsuffix(var.sign_on.issuer, "/")}/.well-known/openid-configuration"
    OIDC_GROUP_NAME                = join(",", sort(var.sign_on.groups))
    OIDC_ISSUER                    = var.sign_on.issuer
    OIDC_REDIRECT_URI              = "${var.address}/callback"
    OIDC_SCOPE                     = "openid profile email groups"
    OIDC_USERNAME_FIELD            = "preferred_username"
    PERMISSION_SOURCE_ORDER        = "group-regex" # what Git gives groups, and not who made a thing first
    RESTRICT_RESOURCE_CREATION     = "true"        # or whoever comes in could take another team's names
    SESSION_COOKIE_MAX_AGE_SECONDS = "900"
    SESSION_COOKIE_SECURE          = "true"
  }
}
