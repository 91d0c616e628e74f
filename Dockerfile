# One image for web, worker, beat and migrations: docker compose up (docs/deploying.md).
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements/tools.txt requirements/runtime.txt requirements/
# The installer is locked by hash like everything it installs.
RUN python -m venv /build/tools \
    && /build/tools/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/tools.txt \
    && /build/tools/bin/uv venv --python /usr/local/bin/python3 /opt/engage \
    && /build/tools/bin/uv pip sync --python /opt/engage/bin/python --require-hashes --no-build \
        --compile-bytecode --no-cache requirements/runtime.txt

FROM build AS assets
COPY package.json package-lock.json .npmrc ./
COPY requirements/assets.txt requirements/node.txt requirements/
RUN /build/tools/bin/uv pip install --python /build/tools/bin/python --require-hashes --no-build --no-cache \
        -r requirements/assets.txt
COPY setup/assets setup/assets
COPY web/theme web/theme
RUN /build/tools/bin/python -m setup.assets

FROM python:3.13-slim
ENV PATH=/opt/engage/bin:$PATH PYTHONUNBUFFERED=1 PYTHONTZPATH= DJANGO_SETTINGS_MODULE=config.settings ENGAGE_ENV=production
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin engage
WORKDIR /srv/engage
COPY --from=build /opt/engage /opt/engage
COPY manage.py ./
COPY api api
COPY config config
COPY engage engage
COPY events events
COPY outreach outreach
COPY servers servers
COPY web web
COPY --from=assets /build/web/static/web/built web/static/web/built
# The settings import without secrets and without a server; what is made here is files only.
RUN python -m compileall -q . && python manage.py collectstatic --noinput --verbosity 0
RUN install --directory --owner 10001 --mode 0700 /outside
USER 10001
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.web_serving", "--bind", "0.0.0.0:8000", "config.asgi:application"]
