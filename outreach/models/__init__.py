from outreach.models.delivery import ActivityStumble, Delivery, DeliveryState, Lane
from outreach.models.delivery_count import DeliveryCount, DeliveryTally
from outreach.models.outcome_summary import OutcomeSummary, SummaryStatus, SummaryVersion
from outreach.models.reminder_rule import ReminderMark, ReminderRule
from outreach.models.standing import ChannelState, Round
from outreach.models.subscription import Subscription, SubscriptionTarget

__all__ = [
    "ActivityStumble",
    "ChannelState",
    "Delivery",
    "DeliveryCount",
    "DeliveryState",
    "DeliveryTally",
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
