from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from engage import access_ending, activity_recording, contact_keeping
        from events import leaving, waitlisting
        from outreach import suppressing
        from outreach.doorbell import bell
        from outreach.staff_mail import tell_what_ended

        activity_recording.hint_with(bell.ring)
        access_ending.when_access_has_ended.append(tell_what_ended)
        contact_keeping.before_contacts_go.append(suppressing.settle_before_contacts_go)
        leaving.when_places_go.append(suppressing.suppress_for_places)
        leaving.when_addresses_stop.append(suppressing.suppress_for_addresses)
        waitlisting.deliver_by(suppressing.undelivered_offers)
