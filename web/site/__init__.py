"""What every page stands on, and the few pages that belong to no subject: the probes, the error pages, "no signal".

The lowest room of ``web``: it imports no other. For everybody: ``frames`` (public, staff, behind a link), ``forms``
(fields, refusals, kept answers), ``languages`` (addresses, names, dates), ``errors``, ``counting`` (how often is too
often) and ``drawings``. ``health`` and ``offline`` are for ``web.urls`` alone. Templates: ``templates/site``.
"""
