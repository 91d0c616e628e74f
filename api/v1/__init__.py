"""Version 1: one file a resource, named as its subject is in the domain; ``*_shapes`` say how it looks, coming in and going out.

``urls`` holds every address. A view makes one call into a domain and answers in its shapes; what is alike for all of
them (who may ask, what comes back, paging, refusals) is ``api``'s framework above DRF. Nobody imports this room but
``config.urls``.
"""
