"""The official client with an end to each request; a cluster that is given may be far away."""

from __future__ import annotations

from kubernetes.client import ApiClient
from kubernetes.client.rest import RESTResponse

_PATIENCE_SECONDS = 10.0


class ImpatientClient(ApiClient):
    """No request takes longer than ten seconds, unless it says otherwise."""

    def call_api(
        self,
        method: str,
        url: str,
        header_params: object = None,
        body: object = None,
        post_params: object = None,
        _request_timeout: object = None,
    ) -> RESTResponse:
        """Carry out a request, as the official client does."""
        patience = _request_timeout or _PATIENCE_SECONDS
        return super().call_api(method, url, header_params, body, post_params, patience)
