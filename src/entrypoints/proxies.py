"""Where a request came from, when proxies of the operator's own stand in between."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def trusted_proxies(text: str) -> tuple[Network, ...]:
    """Addresses and networks between commas; ``ValueError`` says what is taken."""
    try:
        networks = tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        networks = ()
    # to believe everybody is to believe nobody: the header would be anybody's word
    if not networks or not all(network.prefixlen for network in networks):
        raise ValueError("addresses and networks of proxies, such as 127.0.0.1, 10.0.0.0/8")
    return networks


def address_in(text: str) -> Address | None:
    """An address as servers and proxies spell it: bare, with a port, in brackets, with a zone."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found if isinstance(found, IPv4Address) else found.ipv4_mapped or found


def client_behind(
    peer: Address | None, forwarded: Sequence[str], trusted: Sequence[Network]
) -> Address | None:
    """Who asks: the hop nearest to us that is no proxy of ours.

    ``peer`` is at the other end of the connection, ``forwarded`` the values of the
    ``X-Forwarded-For`` headers as they came. Each proxy adds at the end of them whom it heard, so
    they are read from there, and only for as long as one of ours speaks: what stands further left
    was written by the client. A hop that is no address ends it at the proxy that passed it on.
    """
    hops = [hop for value in forwarded for hop in value.split(",")]
    while hops and peer is not None and any(peer in network for network in trusted):
        nearer = address_in(hops.pop())
        if nearer is None:
            break
        peer = nearer
    return peer
