"""Commitments in public, as staff keep them, and follow-through for who leads."""

from django.urls import URLPattern, URLResolver, path

from web.commitments.acts import commitment_act, redact_line
from web.commitments.detail import commitment, commitment_picture, commitment_that_says_nothing
from web.commitments.drafts import confirm_commitment, delete_draft_page
from web.commitments.follow_through.page import approvals, follow_through
from web.commitments.listing import commitments, commitments_csv
from web.commitments.staff_detail import desk_commitment, edit_draft
from web.commitments.staff_listing import desk_commitments, new_commitment

_ONE = "<slug:slug>/commitments/<uuid:commitment_id>/"

public: list[URLPattern | URLResolver] = [
    path("agencies/<slug:slug>/promises/", commitments, name="commitments"),
    path("agencies/<slug:slug>/promises.csv", commitments_csv, name="commitments_csv"),
    path("agencies/<slug:slug>/promises/<int:number>/", commitment, name="commitment"),
    path(
        "agencies/<slug:slug>/promises/<int:number>/picture.png",
        commitment_picture,
        name="commitment_picture",
    ),
    path("news/<uuid:commitment_id>/", commitment_that_says_nothing, name="commitment_that_says_nothing"),
]

desk: list[URLPattern | URLResolver] = [
    path("<slug:slug>/follow-through/", follow_through, name="follow_through"),
    path("<slug:slug>/approvals/", approvals, name="approvals"),
    path("<slug:slug>/commitments/", desk_commitments, name="desk_commitments"),
    path("<slug:slug>/commitments/new", new_commitment, name="new_commitment"),
    path(_ONE, desk_commitment, name="desk_commitment"),
    path(f"{_ONE}edit", edit_draft, name="edit_draft"),
    path(f"{_ONE}confirm", confirm_commitment, name="confirm_commitment"),
    path(f"{_ONE}delete", delete_draft_page, name="delete_draft"),
    path(f"{_ONE}lines/<int:number>/hide", redact_line, name="redact_line"),
    path(f"{_ONE}<slug:act>", commitment_act, name="commitment_act"),
]
