from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from engage.activity import recording
        from engage.agencies import onboarding
        from engage.contacts import keeping
        from engage.roles import ending
        from events.planning import fields, foreseeing
        from events.rsvps import leaving, readdressing, waitlisting
        from outreach.announcing.staff_mail import tell_what_ended
        from outreach.announcing.who_is_told import told_of
        from outreach.ledger import suppressing
        from outreach.letters import about_events, about_rsvps, corrected_news, news, to_staff  # noqa: F401 - fills outreach.ledger.kinds
        from outreach.reminders.reading import missing_reminder
        from outreach.reminders.setting import make_usual_rules
        from outreach.worker.doorbell import bell

        recording.hint_with(bell.ring)
        foreseeing.count_told_by(told_of)
        onboarding.when_taken_in.append(make_usual_rules)
        fields.more_missing.append(missing_reminder)
        ending.when_access_has_ended.append(tell_what_ended)
        keeping.before_contacts_go.append(suppressing.settle_before_contacts_go)
        leaving.when_rsvps_go.append(suppressing.suppress_for_rsvps)
        leaving.when_addresses_stop.append(suppressing.suppress_for_addresses)
        readdressing.when_address_is_left.append(suppressing.suppress_for_address_left)
        waitlisting.deliver_by(suppressing.undelivered_offers)
