"""What a person may do in an agency: roles and invitations, permissions, keys for programs, and what ends with what.

For outsiders: ``models``: Role, Invitation, AccessToken; ``permissions``: Viewer, viewer_of, viewer_of_token, NOBODY, acts_shown_to, and the
scopes; ``granting``: invite, accept_invitation, withdraw_invitation, end_role; ``handing_over``: KINDS (filled by the subjects), owned_by, hand_over; ``tokens``: issue, token_behind, revoke;
``answering``: Owned, with_owner, is_nobodys, is_of, has_a_role (an owner who left is nobody); ``ending``: end_access, deactivate, Cause, and two hooks (when_access_ends, when_access_has_ended).
"""
