from django.apps import AppConfig


class EngageConfig(AppConfig):
    name = "engage"

    def ready(self) -> None:
        from engage.agencies import onboarding
        from engage.commitments.handing_over import OF_COMMITMENTS
        from engage.roles import ending
        from engage.roles.handing_over import KINDS

        onboarding.when_a_factor_is_demanded.append(ending.end_for_who_lacks_a_factor)
        KINDS.append(OF_COMMITMENTS)
