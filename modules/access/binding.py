"""Which addresses a server may listen on without a key."""

from ipaddress import ip_address

from footnote.modules.access.errors import UnsafeBinding


def ensure_safe_binding(host: str, has_keys: bool) -> None:
    """
    Raises:
        UnsafeBinding: Other machines could reach the server, and nothing would ask them who they are.
    """
    if not has_keys and not is_loopback(host):
        raise UnsafeBinding(host)


def is_loopback(host: str) -> bool:
    """Names other than `localhost` are not looked up: what they stand for may change."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
