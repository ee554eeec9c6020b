"""When the database of a profile is called bad."""

from console.config.health import Health


def thresholds(profile: str | None) -> Health:
    """When a profile's database is called bad."""
    if profile is None:
        return Health()
    from console.config.file import configuration

    return configuration().settings.thresholds(profile)
