from engage.models.activity import Activity, IdempotentAnswer
from engage.models.agency import Agency, AgencyMark, Community, Pledge
from engage.models.choices import Channel, FocusArea, ParticipationLevel
from engage.models.commitment import (
    ENDED,
    Commitment,
    CommitmentStatus,
    CommitmentUpdate,
    Evidence,
    Redaction,
)
from engage.models.contact import (
    BlockedAddress,
    Contact,
    ContactRead,
    Destruction,
    ReadingRequest,
    ReadPurpose,
)
from engage.models.contribution import (
    Contribution,
    ContributionIntake,
    ContributionKind,
    ContributionRevision,
    EndorsementMark,
    SaidBy,
    WayIn,
)
from engage.models.dialogue import Dialogue, Theme
from engage.models.erasable import Erasable
from engage.models.identifiers import uuid7, uuid7_of_this_second
from engage.models.key_mark import KeyMark
from engage.models.letter_ask import LetterAsk
from engage.models.lineage import Lineage
from engage.models.person import Person
from engage.models.role import AccessToken, Invitation, Role
from engage.models.sign_in_session import SignInSession

__all__ = [
    "ENDED",
    "AccessToken",
    "Activity",
    "Agency",
    "AgencyMark",
    "BlockedAddress",
    "Channel",
    "Commitment",
    "CommitmentStatus",
    "CommitmentUpdate",
    "Community",
    "Contact",
    "ContactRead",
    "Contribution",
    "ContributionIntake",
    "ContributionKind",
    "ContributionRevision",
    "Destruction",
    "Dialogue",
    "EndorsementMark",
    "Erasable",
    "Evidence",
    "FocusArea",
    "IdempotentAnswer",
    "Invitation",
    "KeyMark",
    "LetterAsk",
    "Lineage",
    "ParticipationLevel",
    "Person",
    "Pledge",
    "ReadPurpose",
    "ReadingRequest",
    "Redaction",
    "Role",
    "SaidBy",
    "SignInSession",
    "Theme",
    "WayIn",
    "uuid7",
    "uuid7_of_this_second",
]
