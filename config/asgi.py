"""What the web server calls: Django in threads, behind a front that waits for bodies and answers probes by itself."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from config.startup.refusing import fit_to_serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
fit_to_serve()
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - once they are known to be fit

from config.serving.front import Front  # noqa: E402

# Every page and endpoint, before anybody is let in: the first request of a process would wait seconds for them, and with
# it all that came meanwhile, while the process beside it had time.
import_module(settings.ROOT_URLCONF)

application = Front(
    _django,
    threads=settings.WEB_THREADS,
    largest_body=settings.LARGEST_BODY,
    trusted_proxies=settings.TRUSTED_PROXIES,
    name=settings.ALLOWED_HOSTS[0],
)
