from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from engage import agency_onboarding
        from events.erasure_dates import shorten_erasure_dates

        agency_onboarding.when_retention_shortens.append(shorten_erasure_dates)
