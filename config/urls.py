"""Every address that is answered: the API for programs, everything else for people."""

from django.urls import URLPattern, URLResolver, include, path

from config.watching.metrics_page import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("api.v1.urls")),
    path("", include("web.urls")),
]

handler400 = "config.serving.error_answers.bad_request"
handler403 = "config.serving.error_answers.forbidden"
handler404 = "config.serving.error_answers.not_found"
handler500 = "config.serving.error_answers.failed"
