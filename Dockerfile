# The image of server and worker. Two stages: the first installs pinned, hashed dependencies and the wheel into /venv, the
# second has Python, that folder, and nothing to build with. It runs as a user without rights, on one volume.
#
#   docker build --tag holdfast .
#   docker run --publish 127.0.0.1:8000:8000 --volume holdfast:/data --env HOLDFAST_SECRET="$(openssl rand -hex 32)" holdfast

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/build.txt requirements/core.txt requirements/
RUN python -m venv /tools && /tools/bin/pip install --quiet --require-hashes --requirement requirements/build.txt
RUN python -m venv /venv && /venv/bin/pip install --quiet --require-hashes --requirement requirements/core.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY dashboard dashboard
COPY tools/build_page.py tools/build_page.py
RUN /tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist .
RUN /venv/bin/pip install --quiet --no-deps /dist/*.whl && /venv/bin/pip uninstall --quiet --yes pip
RUN /venv/bin/python -m compileall -q /venv/lib

FROM python:${PYTHON}-slim
# LightGBM's OpenMP, and time zones.
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 tzdata && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --no-create-home holdfast && install --directory --owner holdfast /data
COPY --from=build /venv /venv
COPY deploy/healthcheck.py /healthcheck.py
ENV PATH=/venv/bin:$PATH HOLDFAST_HOME=/data HOLDFAST_LOG_FORMAT=json PYTHONUNBUFFERED=1
USER holdfast
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/healthcheck.py"]
CMD ["holdfast", "serve", "--host", "0.0.0.0"]
