"""Which server requests go to, told without loading the SDK."""

import os
from typing import Final
from urllib.parse import urlsplit, urlunsplit

ANTHROPIC_URL: Final = "https://api.anthropic.com"


def base_url() -> str:
    """Return the address that the SDK will use: `ANTHROPIC_BASE_URL`, or Anthropic's own."""
    return os.environ.get("ANTHROPIC_BASE_URL") or ANTHROPIC_URL


def public_url(url: str) -> str:
    """Return an address without the user's name and password: fit to be stored and shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def host_of_url(url: str) -> str:
    """Return host and, where it is named, port of an address; the address itself where it has no host."""
    return urlsplit(url).netloc.rpartition("@")[2] or url


def is_anthropic(url: str) -> bool:
    """Say whether an address is Anthropic's; another server may ignore parts of a request."""
    host = (urlsplit(url).hostname or "").casefold()
    return host == "anthropic.com" or host.endswith(".anthropic.com")
