from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from engage.agencies import shorter_retention
        from engage.roles import ending
        from engage.roles.handing_over import KINDS
        from events.door.links import close_links_of
        from events.planning.handing_over import OF_EVENTS
        from events.rsvps.erasure_dates import (
            keep_what_was_promised,
            shorten_erasure_dates,
            what_goes_then,
        )
        from events.rsvps.needs.handing_over import OF_NEEDS

        shorter_retention.what_goes_then.append(what_goes_then)
        shorter_retention.when_retention_shortens.append(shorten_erasure_dates)
        shorter_retention.when_retention_grows.append(keep_what_was_promised)
        ending.when_access_ends.append(close_links_of)
        KINDS.extend([OF_NEEDS, OF_EVENTS])
