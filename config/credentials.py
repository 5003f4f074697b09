"""The one entry of credentials.yml that Ura itself uses: where the callback channel delivers."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from config.files import load_yaml


class BadCallback(Exception):
    """`callback` in credentials.yml names no address that replies may be sent to."""


def callback_url() -> str:
    """Return where replies are posted, "" where nobody is named.

    Raises:
        BadCallback: What is named is no address, or would show replies to whoever is on the way.
    """
    credentials = load_yaml("credentials.yml") or {}
    if "callback" not in credentials:
        return ""
    named = credentials["callback"]
    return checked(named.get("url") if isinstance(named, dict) else None)


def checked(url: Any) -> str:
    """Return `url` when it is an https address, or an http address on this machine.

    Raises:
        BadCallback: It is neither.
    """
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BadCallback from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))):
        raise BadCallback
    return str(url)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
