"""The cloud that moto plays, one request at a time: `python -m turnpike_terraform.moto PORT`.

moto keeps its clouds in plain dictionaries and answers each request in a thread. Terraform sends
ten requests at once, and of two that change one thing together the later can undo the earlier.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

Application = Callable[..., Iterable[bytes]]


def one_at_a_time(application: Application) -> Application:
    """Return the application, which ends with one request before it begins with the next."""
    turn = threading.Lock()

    def answer(*request: object) -> Iterable[bytes]:
        with turn:
            return [b"".join(application(*request))]

    return answer


def main(port: int) -> None:
    """Serve until the process is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ["MOTO_PORT"] = str(port)  # which moto names in some of its answers
    application = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    # Connections that wait for their turn each have a thread, so that none is refused.
    run_simple("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main(int(sys.argv[1]))
