"""The first pages of a deployment and of an agency, and what it says of itself: privacy, accessibility, security; the styleguide.

The highest room of ``web``: its pages read across all subjects below. Nobody imports it but ``web.urls``.
"""
