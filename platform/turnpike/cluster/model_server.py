"""Starts MLServer, and ends it when whoever started it has gone.

Run by its path with the Python of the serving environment, which has no turnpike:
``python -P model_server.py start FOLDER``.
"""

from __future__ import annotations

import importlib
import os
import signal
import threading
import time

_LOOK_EVERY_SECONDS = 1.0
# What every model needs and takes seconds to import: so a server that starts without models has
# them at hand when the first one comes.
_NEEDED_BY_MODELS = ("mlserver_mlflow", "mlflow.sklearn", "onnxruntime")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run MLServer's own command line with the arguments of this process."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    for name in _NEEDED_BY_MODELS:
        importlib.import_module(name)
    importlib.import_module("mlserver.cli").main()


if __name__ == "__main__":
    main()
