"""What is written down and counted, and nothing in it names a resident: log lines, requests, numbers for /metrics.

``log_writing`` is the settings' LOGGING, ``request_logging`` a middleware, ``metrics_page`` the page that shows what
``measuring`` counted.
"""
