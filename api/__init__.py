"""JSON for programs: a framework over DRF, so that server and description cannot differ, and version 1 built of it (``v1``).

``endpoint.operation`` says an endpoint once: who may ask, what may be sent, what comes back; the server and
``openapi`` read it both. ``answers`` and ``strict_fields`` are the shapes, ``paging``, ``etags``, ``idempotency`` and
``throttling`` what every resource has, ``problem_details`` the one way to say no.
"""
