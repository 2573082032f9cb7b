# Two images from one file: `web` serves the API and the admin, `worker` adds a browser.
#   docker build --target web -t ghosthands-web .
#   docker build --target worker -t ghosthands-worker .

FROM python:3.11-slim-bookworm AS web-packages
COPY deploy/web.lock /tmp/web.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/web.lock

FROM python:3.11-slim-bookworm AS worker-packages
COPY deploy/worker.lock /tmp/worker.lock
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/worker.lock

FROM python:3.11-slim-bookworm AS base
# What /health/version tells: docker build --build-arg GH_COMMIT_SHA=$(git rev-parse HEAD) ...
ARG GH_COMMIT_SHA=unknown
ARG GH_IMAGE_TAG=unknown
ARG GH_BUILD_TIME=unknown
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GH_DATA_DIR=/data \
    GH_COMMIT_SHA=$GH_COMMIT_SHA GH_IMAGE_TAG=$GH_IMAGE_TAG GH_BUILD_TIME=$GH_BUILD_TIME
RUN useradd --create-home --uid 10001 ghosthands \
    && install --directory --owner=ghosthands --group=ghosthands --mode=0700 /data
WORKDIR /app
COPY manage.py gunicorn.conf.py ./
COPY ghosthands ghosthands/
COPY jobs jobs/
COPY valet valet/
COPY workers workers/
COPY templates templates/
COPY static static/

FROM base AS worker
# libatomic1 is for Playwright's driver; tini reaps what Chromium leaves behind.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium fonts-liberation fonts-noto-core libatomic1 tini \
    && rm -rf /var/lib/apt/lists/*
COPY --from=worker-packages /opt/venv /opt/venv
USER ghosthands
# SIGTERM goes to the worker alone: it drains, and closes its browser itself.
ENTRYPOINT ["tini", "--"]
CMD ["python", "manage.py", "runworker"]

FROM base AS web
COPY --from=web-packages /opt/venv /opt/venv
# Of Playwright the console needs the trace viewer only.
ARG TRACE_VIEWER=/opt/venv/lib/python3.11/site-packages/playwright/driver/package/lib/vite/traceViewer
COPY --from=worker-packages $TRACE_VIEWER $TRACE_VIEWER/
USER ghosthands
ENV HOST=0.0.0.0 PORT=3100
EXPOSE 3100
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:3100/livez', timeout=4)"]
CMD ["python", "-m", "gunicorn"]
