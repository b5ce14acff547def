# The staging backend. Data in /data (SQLite), or elsewhere with ASKCV_DATABASE_URL.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY askcv_agents ./askcv_agents
COPY pipelines ./pipelines
COPY integrations ./integrations
RUN pip wheel --no-cache-dir --wheel-dir /wheels '.[staging,postgres,mcp]'

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 askcv && mkdir -m 700 /data && chown askcv /data
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'askcv-agents[staging,postgres,mcp]'
USER askcv
ENV ASKCV_DATABASE=/data/staging.db PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8765
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8765/ready', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["askcv"]
CMD ["serve", "--host", "0.0.0.0", "--trusted-host", "localhost", "--log-format", "json"]
