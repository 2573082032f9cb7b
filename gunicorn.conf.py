"""How gunicorn serves the project, wherever it is started: `make serve`, the demo, the container."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '3100')}"
wsgi_app = "ghosthands.asgi:application"
worker_class = "asgi"
asgi_lifespan = "off"  # Django has no start-up or shutdown hooks of that kind
graceful_timeout = 10  # event streams do not end by themselves
control_socket_disable = True
