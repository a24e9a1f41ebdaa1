"""What secrets look like, whoever's they are: tokens by their beginnings, addresses with a user.

The beginnings are those that vendors document and that scanners such as gitleaks
(https://github.com/gitleaks/gitleaks) look for; a token may be a little shorter or longer here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["secret_faults"]

TOKENS = (
    r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",  # Amazon
    r"AIza[\w-]{30}|ya29\.[\w-]{20}|GOCSPX-[\w-]{20}",  # Google
    r"gh[pousr]_[A-Za-z0-9]{30}|github_pat_\w{20}",
    r"gl(?:pat|ptt|dt|rt|ft|cbt|soat|imt|agent|ffct|oas)-[\w-]{20}",  # GitLab
    r"ATATT3[\w=-]{20}|ATBB\w{24}",  # Atlassian
    r"xox[abeoprs]-[\w-]{10}|xapp-\d-[\w-]{10}",  # Slack
    r"sk-(?:ant|proj|svcacct|admin|or)-[\w-]{8}|sk-[A-Za-z0-9]{32}",  # models of language
    r"hf_[A-Za-z0-9]{30}|gsk_[A-Za-z0-9]{30}|r8_\w{30}|pplx-[A-Za-z0-9]{30}",
    r"(?:sk|rk|pk)_(?:live|test|prod)_\w{10}|whsec_\w{20}",  # Stripe
    r"sq0(?:atp|csp|idp)-[\w-]{20}|EAAA[\w-]{60}",  # Square
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{30}",  # Shopify
    r"SG\.[\w-]{16,}\.[\w-]{16}|key-[0-9a-f]{32}\b|[0-9a-f]{32}-us\d{1,2}\b|xkeysib-[0-9a-f]{32}",
    r"(?:SK|AC)[0-9a-f]{32}\b",  # Twilio
    r"npm_[A-Za-z0-9]{30}|pypi-AgE[\w-]{30}|rubygems_[0-9a-f]{32}|dckr_pat_[\w-]{20}",
    r"do[opr]_v1_[0-9a-f]{40}|HRKU-[\w-]{30}|dapi[0-9a-f]{32}|pul-[0-9a-f]{40}",
    r"hv[sbr]\.[\w-]{20}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40}|dp\.(?:pt|st|ct|sa)\.[\w-]{20}",
    r"gl(?:sa|c)_[\w+/]{30}|sntry[su]_[\w+/=]{30}|NRAK-[A-Z0-9]{20}|PMAK-[\w-]{30}",
    r"lin_api_\w{30}|ntn_\w{30}|secret_[A-Za-z0-9]{40}|pat[A-Za-z0-9]{14}\.[0-9a-f]{40}",
    r"pscale_(?:pw|tkn|oauth)_[\w-]{20}|figd_[\w-]{30}|AGE-SECRET-KEY-1[A-Z0-9]{40}",
    r"\d{8,10}:AA[\w-]{33}\b",  # Telegram
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*",  # JSON web tokens
)
RUN = re.compile(r"[\w.:+/=-]{15,}")  # no token is shorter
TOKEN = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(TOKENS)})")
PAIRS = [
    ("access", "key"), ("api", "key"), ("private", "key"), ("access", "token"), ("auth", "token"),
    ("client", "secret"),
]  # fmt: skip
NAMED = tuple(  # by words beside them, in small letters, one of which stands there
    (words, re.compile(form, re.IGNORECASE))
    for words, form in (
        (("private key", "putty-"), r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-\d"),
        (
            ("hook",),
            r"hooks\.slack\.com/(?:services|workflows)/[\w/]{10}|\.webhook\.office\.com/webhookb2/\w|"
            r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]+",
        ),
        (("accountkey=", "accesskey="), r"(?:account|sharedaccess)key=[A-Za-z0-9+/]{20}"),
        (("sig", "key=", "code="), r"[?&;](?:[\w-]*sig(?:nature)?|key|code)=[\w%+/.~-]{16}"),
        (
            ("token=", "key=", "auth=", "pass", "pwd=", "secret="),
            r"[?&;](?:\w*token|api_?key|auth|passw(?:or)?d|pwd|\w*secret)=[^\s&\"'<>]{6}",
        ),
        (
            tuple(first + dash + last for first, last in PAIRS for dash in ("", "-", "_")),
            r"(?:access[_-]?key(?:_?id)?|api[_-]?key|access[_-]?token|auth[_-]?token|"
            r"client[_-]?secret|private[_-]?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
            r"(?=[a-z+/._-]{0,40}\d)[\w+/.~-]{10}",
        ),
        (
            ("passw", "pwd"),
            r"(?:passw(?:or)?d|\bpwd)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
            r"(?=[a-z]{0,30}\d)[\w!$%^*+/.~-]{6}",
        ),
        (("bearer ", "basic "), r"\b(?:bearer|basic) (?=[a-z+/._-]{0,40}\d)[\w+/.~=-]{16}"),
    )
)
PORT = r"(?!\d{1,5}(?:[/?#\s\"'<>)\],.;]|$))"
SIGNED = (
    re.compile(rf"://[^\s/:@\"'<>]*:{PORT}[^\s@\"'<>]{{1,80}}@[\w.-]"),  # a user and a password
    re.compile(r"(?i:https?|git)://[^\s/:@\"'<>]+@[\w.-]"),  # a token in the place of a user
    re.compile(r"://(?=[^\s/:@\"'<>]*\d)[^\s/:@\"'<>]{16,}@[\w.-]"),
)


def secret_faults(text: str) -> Iterator[str]:
    """What in a line looks like a secret, in words that do not say it.

    >>> list(secret_faults("redis://:pw123456@cache"))
    ['an address with a password']
    >>> list(secret_faults("http://example.com:8080/x@y and postgresql://ann@db/x"))
    []
    """
    if "://" in text and "@" in text and any(signed.search(text) for signed in SIGNED):
        yield "an address with a password"
    small = text.lower()
    named = (form for words, form in NAMED if any(word in small for word in words))
    if any(TOKEN.search(run) for run in RUN.findall(text)) or any(f.search(text) for f in named):
        yield "a secret key"
