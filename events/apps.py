from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from engage import access_ending, agency_onboarding
        from events.door_links import close_links_of
        from events.erasure_dates import shorten_erasure_dates

        agency_onboarding.when_retention_shortens.append(shorten_erasure_dates)
        access_ending.when_access_ends.append(close_links_of)
