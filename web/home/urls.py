"""The first pages of a deployment and of an agency, and what it says of itself."""

from django.urls import URLPattern, URLResolver, path

from web.home.cards import agency_picture
from web.home.first_pages import accessibility, agency_home, privacy
from web.home.front_page import home
from web.home.security_contact import report_a_hole, security_txt
from web.home.styleguide import styleguide

public: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("agencies/<slug:slug>/", agency_home, name="agency_home"),
    path("agencies/<slug:slug>/picture.png", agency_picture, name="agency_picture"),
    path("agencies/<slug:slug>/privacy/", privacy, name="privacy"),
    path("agencies/<slug:slug>/accessibility/", accessibility, name="accessibility"),
    path("security", report_a_hole, name="report_a_hole"),
    path("styleguide/", styleguide, name="styleguide"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/security.txt", security_txt, name="security_txt"),
]
