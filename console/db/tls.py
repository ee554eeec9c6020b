"""When a connection must be encrypted to a server that proved its name."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from console.db.target import Target
from console.errors import Refused, UsageError

SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
"""libpq's modes, weakest first; only the last one checks who answers."""

SSLMODES: tuple[str, ...] = get_args(SslMode)
"""The same as values."""

STRICT = "verify-full"
"""The mode that production demands."""

LABEL_IT = ", or, if it is not production, make it a profile with an environment in config.toml"
"""What else helps with a remote database that has no label."""

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Debian, Red Hat, SUSE, and Alpine and macOS keep the authorities that the machine trusts."""


def secured(target: Target, environ: Mapping[str, str]) -> Target:
    """The target with its sslmode settled: its own, else PGSSLMODE's, else verify-full where that is demanded.

    Raises Refused for a mode that is too weak for the target, UsageError for one that libpq does not know.
    """
    default = STRICT if target.guarded(None) else ""
    mode = target.params.get("sslmode") or environ.get("PGSSLMODE") or default
    if not mode:
        return target
    if mode not in SSLMODES:
        origin = target.source if target.params.get("sslmode") else "PGSSLMODE"
        raise UsageError(f'"{mode}" is no sslmode ({origin}).', hint=f"The modes are {', '.join(SSLMODES)}.")
    settled = replace(target, params={**target.params, "sslmode": mode, **_authorities(target, mode, environ)})
    check(settled)
    return settled


def check(target: Target, server_environment: str | None = None) -> None:
    """Refuse a remote target that counts as production and whose connection would not prove who answers.

    Once more after connecting, with the environment that the database names: until then it is not known.
    Sockets cross no network, and loopback may be a tunnel whose end has another name.
    """
    mode = target.params.get("sslmode", "prefer")
    if mode == STRICT or target.is_local or not target.guarded(server_environment):
        return
    labelled = target.label(server_environment) is not None
    what = "is production" if labelled else "is remote and nobody says what it is, so it counts as production"
    raise Refused(
        f"{target.describe()} {what}; sslmode={mode} does not check which server answers.",
        state="Nothing was changed.",
        hint=f"Use sslmode=verify-full (and look at PGSSLMODE){'' if labelled else LABEL_IT}.",
    )


def _authorities(target: Target, mode: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The machine's own authorities where none were configured.

    Not simply sslrootcert=system: the driver's wheel brings an OpenSSL that looks for them in a folder of its build
    machine, unless SSL_CERT_FILE or SSL_CERT_DIR names another place.
    """
    configured = target.params.get("sslrootcert") or environ.get("PGSSLROOTCERT")
    own = Path(environ.get("HOME", "/"), ".postgresql", "root.crt")
    if mode != STRICT or (configured != "system" if configured else os.access(own, os.F_OK)):
        return {}
    bundles = () if environ.get("SSL_CERT_FILE") or environ.get("SSL_CERT_DIR") else BUNDLES
    return {"sslrootcert": next((path for path in bundles if Path(path).exists()), "system")}
