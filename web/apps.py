from django.apps import AppConfig

from web.site.forms.plain_words import speak_plainly


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        speak_plainly()
