from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.caching.day_cells import CellsInTheCache
        from config.startup import deploy_checks, erasure_list  # noqa: F401 (they register checks)
        from config.startup.database_roles import grant_to_the_restricted_role
        from config.startup.keys import remember_after_migrating
        from engage.counting.day_sketch import keep_cells_in

        keep_cells_in(CellsInTheCache())
        # The signal goes out once per app with models, after the last migration; one of them is enough.
        last = apps.get_app_config("outreach")
        post_migrate.connect(grant_to_the_restricted_role, sender=last)
        post_migrate.connect(remember_after_migrating, sender=last)
