import os

from django.core.wsgi import get_wsgi_application

from config.startup.refusing import fit_to_serve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
fit_to_serve()

application = get_wsgi_application()
