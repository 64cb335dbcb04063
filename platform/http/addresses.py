"""Which internet addresses are open to everybody, and which lead into a machine or a private network."""

from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address

# Spelled out, not asked of `is_global`, whose answers differ between versions of Python and which lets multicast pass.
CLOSED_V4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT; a cloud's metadata service at 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's service for its own machines
        "169.254.0.0/16",  # link-local; metadata services at 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; a metadata service at 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
# All that is handed out is in here. Outside: loopback, IPv4 in IPv6, NAT64, unique local, link-local, multicast.
OPEN_V6 = ip_network("2000::/3")
CLOSED_V6 = [
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments, among them Teredo, which holds an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
]


def is_public(address: Address) -> bool:
    """Whether `address` is one of the open internet; one that carries another inside never is."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in CLOSED_V4)
    return address in OPEN_V6 and not any(address in block for block in CLOSED_V6)
