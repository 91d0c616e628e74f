"""Below ``/desk/``: what people say and asked, and what is made of it."""

from django.urls import URLPattern, URLResolver, path

from web.listening import (
    dialogue_pages,
    note_pages,
    question_acts,
    question_pages,
    summary_pages,
    theme_pages,
)
from web.listening import summary_publishing as publishing

_EVENT = "<slug:slug>/events/<uuid:event_id>/"
_QUESTION = "<slug:slug>/questions/<uuid:contribution_id>/"
_DIALOGUE = "<slug:slug>/dialogues/<uuid:dialogue_id>/"


def _act(name: str) -> URLPattern:
    return path(f"{_QUESTION}{name}", question_acts.question_act, {"act": name}, name=f"question_{name}")


def _turn(name: str) -> URLPattern:
    return path(f"{_DIALOGUE}{name}", dialogue_pages.turn_dialogue, {"turn": name}, name=f"{name}_dialogue")


urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", question_pages.questions, name="questions"),
    path("<slug:slug>/questions/many", question_pages.decide_many, name="questions_many"),
    path("<slug:slug>/questions/write", question_pages.write_down, name="question_write"),
    path(_QUESTION, question_acts.question, name="question"),
    *(_act(name) for name in question_acts.ACTS),
    path(f"{_EVENT}questions/", question_pages.event_questions, name="event_questions"),
    path(f"{_EVENT}questions/write", question_pages.event_write_down, name="event_question_write"),
    path(f"{_EVENT}themes/", theme_pages.event_themes, name="event_themes"),
    path("<slug:slug>/themes/<uuid:theme_id>/", theme_pages.edit_theme, name="edit_theme"),
    path("<slug:slug>/themes/<uuid:theme_id>/remove", theme_pages.remove_theme, name="remove_theme"),
    path("<slug:slug>/dialogues/", dialogue_pages.dialogues, name="dialogues"),
    path("<slug:slug>/dialogues/new", dialogue_pages.new_dialogue, name="new_dialogue"),
    path(_DIALOGUE, dialogue_pages.dialogue, name="dialogue"),
    *(_turn(name) for name in ("open", "close", "report")),
    path(f"{_DIALOGUE}delete", dialogue_pages.delete_dialogue, name="delete_dialogue"),
    path(f"{_DIALOGUE}themes/", theme_pages.dialogue_themes, name="dialogue_themes"),
    path(f"{_EVENT}notes/", note_pages.notes, name="notes"),
    path(f"{_EVENT}notes/<uuid:note_id>/", note_pages.note, name="note"),
    path(f"{_EVENT}notes/<uuid:note_id>/edit", note_pages.edit_note, name="note_edit"),
    path(f"{_EVENT}notes/<uuid:note_id>/promise", note_pages.make_promise, name="note_promise"),
    path(f"{_EVENT}notes/<uuid:note_id>/show", note_pages.show_note, name="note_show"),
    path(f"{_EVENT}summary/", summary_pages.event_summary, name="event_summary"),
    path(f"{_EVENT}summary/draft", summary_pages.draft_summary, name="event_summary_draft"),
    path(f"{_EVENT}summary/preview", publishing.preview_summary, name="event_summary_preview"),
    path(f"{_EVENT}summary/approve", publishing.approve_summary, name="event_summary_approve"),
    path(f"{_EVENT}summary/publish", publishing.publish_summary, name="event_summary_publish"),
    path(f"{_EVENT}summary/sending", publishing.summary_sending, name="event_summary_sending"),
]
