"""Asking in public, and what staff make of contributions: moderation, themes, dialogues, live notes."""

from django.urls import URLPattern, URLResolver, path

from web.listening import contribution_acts, contributions, dialogues, notes, themes
from web.listening.asking import ask_event, ask_us
from web.listening.me_too import me_too

_EVENT = "<slug:slug>/events/<uuid:event_id>/"
_CONTRIBUTION = "<slug:slug>/contributions/<uuid:contribution_id>/"
_DIALOGUE = "<slug:slug>/dialogues/<uuid:dialogue_id>/"


def _act(name: str) -> URLPattern:
    return path(
        f"{_CONTRIBUTION}{name}",
        contribution_acts.contribution_act,
        {"act": name},
        name=f"contribution_{name}",
    )


def _turn(name: str) -> URLPattern:
    return path(f"{_DIALOGUE}{name}", dialogues.turn_dialogue, {"turn": name}, name=f"{name}_dialogue")


public: list[URLPattern | URLResolver] = [
    path("events/<uuid:event_id>/ask", ask_event, name="ask_event"),
    path("events/<uuid:event_id>/questions/<uuid:contribution_id>/me-too", me_too, name="me_too"),
    path("agencies/<slug:slug>/ask/", ask_us, name="ask_us"),
]

desk: list[URLPattern | URLResolver] = [
    path("<slug:slug>/contributions/", contributions.contributions, name="contributions"),
    path("<slug:slug>/contributions/many", contributions.decide_many, name="contributions_many"),
    path("<slug:slug>/contributions/write", contributions.write_down, name="contribution_write"),
    path(_CONTRIBUTION, contribution_acts.one_contribution, name="contribution"),
    *(_act(name) for name in contribution_acts.ACTS),
    path(f"{_EVENT}contributions/", contributions.event_contributions, name="event_contributions"),
    path(f"{_EVENT}contributions/write", contributions.event_write_down, name="event_contribution_write"),
    path(f"{_EVENT}themes/", themes.event_themes, name="event_themes"),
    path("<slug:slug>/themes/<uuid:theme_id>/", themes.edit_theme, name="edit_theme"),
    path("<slug:slug>/themes/<uuid:theme_id>/remove", themes.remove_theme, name="remove_theme"),
    path("<slug:slug>/dialogues/", dialogues.dialogues, name="dialogues"),
    path("<slug:slug>/dialogues/new", dialogues.new_dialogue, name="new_dialogue"),
    path(_DIALOGUE, dialogues.dialogue, name="dialogue"),
    *(_turn(name) for name in ("open", "close", "report")),
    path(f"{_DIALOGUE}delete", dialogues.delete_dialogue, name="delete_dialogue"),
    path(f"{_DIALOGUE}themes/", themes.dialogue_themes, name="dialogue_themes"),
    path(f"{_EVENT}notes/", notes.notes, name="notes"),
    path(f"{_EVENT}notes/<uuid:note_id>/", notes.note, name="note"),
    path(f"{_EVENT}notes/<uuid:note_id>/edit", notes.edit_note, name="note_edit"),
    path(f"{_EVENT}notes/<uuid:note_id>/commitment", notes.make_commitment, name="note_commitment"),
    path(f"{_EVENT}notes/<uuid:note_id>/show", notes.show_note, name="note_show"),
]
