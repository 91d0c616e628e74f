"""Every table of this app, for Django alone: everybody else imports from the subject."""

from outreach.announcing.models import ActivityStumble, FollowersToTell
from outreach.channels.models import ChannelState
from outreach.ledger.models import Delivery, DeliveryCount, DeliveryState, DeliveryTally, Lane
from outreach.reminders.models import ReminderMark, ReminderRule
from outreach.subscriptions.models import Subscription, SubscriptionTarget
from outreach.summaries.models import OutcomeSummary, SummaryStatus, SummaryVersion
from outreach.worker.models import Round

__all__ = [
    "ActivityStumble",
    "ChannelState",
    "Delivery",
    "DeliveryCount",
    "DeliveryState",
    "DeliveryTally",
    "FollowersToTell",
    "Lane",
    "OutcomeSummary",
    "ReminderMark",
    "ReminderRule",
    "Round",
    "Subscription",
    "SubscriptionTarget",
    "SummaryStatus",
    "SummaryVersion",
]
