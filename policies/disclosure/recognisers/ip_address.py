"""IPv4 and IPv6 addresses (RFC 791, RFC 4291); section and version numbers of four parts are left alone."""

from __future__ import annotations

from ipaddress import ip_interface

from policies.disclosure.recogniser import Form, Recogniser

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_NOT_A_SECTION = (
    r"(?<!(?i:\b(?:section|sec\.|article|art\.|clause|part|rule|paragraph|para|version|ver\.|release|chapter)|§|\bv) ?)"
)
_SHORTEST = 4  # "::" and "1::" are more often code than an address


def _valid(value: str) -> bool:
    try:
        ip_interface(value.partition("%")[0])
    except ValueError:
        return False
    return len(value) > _SHORTEST


RECOGNISER = Recogniser(
    name="ip_address",
    kind="IP_ADDRESS",
    forms=(
        Form(
            pattern=rf"(?<![\w.])(?<!\d-){_NOT_A_SECTION}{_OCTET}(?:\.{_OCTET}){{3}}(?:/\d{{1,2}})?(?![\w]|\.\w)",
            score=0.6,
        ),
        Form(
            pattern=r"(?<![\w:.])(?=[0-9A-Fa-f:]{0,39}:[0-9A-Fa-f:]{0,39}:)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
            rf"(?:(?<=:){_OCTET}(?:\.{_OCTET}){{3}})?(?:%\w{{1,15}})?(?:/\d{{1,3}})?(?![\w:])",
            score=0.6,
        ),
    ),
    check=_valid,
    canary="Logged in from 198.51.100.23 at night.",
    planted="198.51.100.23",
)
