"""Below ``/door/``: a page of its own, which a door link opens without an account; the links are made at the desk."""

from django.urls import URLPattern, URLResolver, path

from web.door import arriving, heads, links, opening, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("open/<slug:token>", opening.door_link, name="open_door"),
    path("left", opening.left, name="door_left"),
    path("code/<slug:code>", opening.code_at_a_door, name="door_code"),
    path("<uuid:event_id>/", page.door, name="door"),
    path("<uuid:event_id>/open", opening.begin, name="door_begin"),
    path("<uuid:event_id>/leave", opening.leave, name="door_leave"),
    path("<uuid:event_id>/find", page.find, name="door_find"),
    path("<uuid:event_id>/matches", page.matching, name="door_matches"),
    path("<uuid:event_id>/numbers", page.numbers, name="door_numbers"),
    path("<uuid:event_id>/check-in", arriving.let_in, name="door_let_in"),
    path("<uuid:event_id>/walk-in", arriving.walk_in, name="door_walk_in"),
    path("<uuid:event_id>/undo", arriving.take_back, name="door_undo"),
    path("<uuid:event_id>/people", arriving.correct, name="door_correct"),
    path("<uuid:event_id>/heads", heads.count, name="door_heads"),
]

_LINKS = "<slug:slug>/events/<uuid:event_id>/door-links/"
desk: list[URLPattern | URLResolver] = [
    path(_LINKS, links.door_links, name="door_links"),
    path(f"{_LINKS}<uuid:link_id>/close", links.close_door_link, name="close_door_link"),
]
