"""Public pages without a signal: the browser keeps those that were read, and says from when they are.

``pages`` serves the service worker (``service_worker.js``, at the root of the site) and the page for addresses that
the browser has no copy of. Nobody imports this but ``web.urls``.
"""
