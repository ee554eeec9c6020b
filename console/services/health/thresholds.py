"""When the database of a profile is called bad."""

from functools import lru_cache

from console.config.health import Health


@lru_cache(maxsize=8)
def thresholds(profile: str | None) -> Health:
    """When a profile's database is called bad; read once, as all of the configuration."""
    if profile is None:
        return Health()
    from console.config.file import default_path, load

    return load(default_path()).settings.thresholds(profile)
