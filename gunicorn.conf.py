"""How gunicorn serves the project, wherever it is started: `make serve`, the demo, the container."""

import os
import signal
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '3100')}"
wsgi_app = "ghosthands.asgi:application"
worker_class = "asgi"
asgi_lifespan = "off"  # Django has no start-up or shutdown hooks of that kind
graceful_timeout = 10
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """End event streams when the server is asked to stop: by themselves they would hold it up."""
    from jobs.api.live import hub  # noqa: PLC0415 - not before Django is set up

    def stop() -> None:
        hub.close()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, stop)
