FROM python:3.12.11-slim-bookworm AS build
WORKDIR /src
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
COPY pyproject.toml constraints.txt README.md hatch_build.py ./
COPY app app
COPY pricing_data pricing_data
COPY migrations migrations
RUN python -m venv /opt/mlquote \
    && /opt/mlquote/bin/pip install --no-cache-dir --constraint constraints.txt '.[redis]'

FROM python:3.12.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /data mlquote
COPY --from=build /opt/mlquote /opt/mlquote
USER mlquote
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["/opt/mlquote/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["/opt/mlquote/bin/mlquote", "serve", "--host", "0.0.0.0", "--port", "8000"]
