"""Every table of this app, for Django alone: everybody else imports from the subject."""

from engage.activity.models import Activity
from engage.agencies.models import Agency, AgencyMark, Closure, Community, Pledge
from engage.commitments.models import Commitment, CommitmentUpdate, Evidence, Redaction
from engage.contacts.models import BlockedAddress, Contact, LetterAsk
from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import (
    Contribution,
    ContributionIntake,
    ContributionRevision,
    Dialogue,
    EndorsementMark,
    Theme,
)
from engage.people.models import Person, SignInSession
from engage.readings.models import ContactRead, ReadingRequest
from engage.restoring.models import Lineage
from engage.retention.models import Destruction
from engage.roles.models import AccessToken, Invitation, Role
from engage.sealing.models import KeyMark

__all__ = [
    "AccessToken",
    "Activity",
    "Agency",
    "AgencyMark",
    "BlockedAddress",
    "Closure",
    "Commitment",
    "CommitmentUpdate",
    "Community",
    "Contact",
    "ContactRead",
    "Contribution",
    "ContributionIntake",
    "ContributionRevision",
    "Destruction",
    "Dialogue",
    "EndorsementMark",
    "Evidence",
    "IdempotentAnswer",
    "Invitation",
    "KeyMark",
    "LetterAsk",
    "Lineage",
    "Person",
    "Pledge",
    "ReadingRequest",
    "Redaction",
    "Role",
    "SignInSession",
    "Theme",
]
