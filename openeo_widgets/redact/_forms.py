"""What secrets look like in texts, and what stands in front of them."""

from __future__ import annotations

import re

__all__ = ["HIDDEN", "NAME", "SECRETS", "SUSPICIOUS"]

# Seen in nearly every text that holds a secret, so that all others are passed over quickly.
SUSPICIOUS = re.compile(
    r"://|eyJ|AKIA|ASIA|bearer|basic|oidc/|auth|token|secret|sig|passw|passphrase|pwd|key"
    r"|credential|cookie|sess|jwt|sas=|/assets/|[?&][\w.%~-]{1,60}=|gh[a-z]_|github_pat_|glpat-"
    r"|xox|private key|-u\s|--user",
    re.IGNORECASE,
)

# What may follow a colon in a sentence: "token: expired".
_PROSE = r"(?!\s[a-z]{1,15}(?:[.,;:!?)]|\s|$))"

HIDDEN = "…"

# A number behind a name that is no secret's: "max_tokens=4096", "sig=0.05".
_FIGURE = r"(?!['\"]?\s{0,3}[:=]\s{0,3}\d{0,6}(?:\.\d{1,9})?(?![\w.%~+/=-]))"

# "Signature: mean(x, y)", "signature: (data, /)" are of a function.
_CALL = r"(?!\s{0,3}[:=]\s{0,3}[\w.]{0,60}\()"

# What says that there is no secret: "password: (not set)", "token=None".
_NOTHING = (
    r"(?!\s{0,3}(?:\((?:not|none|no|empty|unset|hidden)\b"
    r"|(?:none|null|nil|undefined|unset|true|false)(?![\w.~+/=%-])))"
)

# What is said of a secret: "password: wrong", "api-key required".
_SAID = (
    r"(?!(?:a|an|and|the|or|for|from|in|of|to|with|is|was|are|be|must|should|can|has|not|no|yes"
    r"|none|null|nil|undefined|unset|set|empty|unknown|default|wrong|bad|weak|short|long|invalid"
    r"|valid|incorrect|correct|expired|missing|absent|required|needed|optional|hidden|redacted"
    r"|masked|changed|reset|revoked|rejected|refused|accepted|denied|forbidden|protected|forgotten"
    r"|failed|failure|error|errors|mismatch|unavailable|unsupported|disabled|enabled|provided"
    r"|given|found|used|lost|stored|ok|okay|auth|authentication|authorization|header|headers"
    r"|parameter|string|text|bytes|true|false|too|please|here|there|only|first|again)(?![a-z]))"
)
_ENDS_HERE = r"(?=[,;&)\]'\"]|\s{0,3}(?:\n|$))"
# Letters with digits among them: no word, unless it is the name of a code.
_NO_WORD = r"(?!(?:base|sha|md|utf|rfc|oauth|aes|hs|rs)-?\d)(?=[\w.~+/=%-]{0,40}\d)[\w.~+/=%-]{6,}"

# Behind these names a secret stands, whatever it looks like.
_NAMES = (
    rf"(?:token(?!s)|tokens{_FIGURE}|secrets?|signatures?{_CALL}|passw(?:or)?d|passwd|pwd|passphrase"
    r"|credentials?|cookies?|api[ _-]?keys?"
    r"|(?:secret|access|account|private|shared|subscription)[_-]?key(?:[_-]?id)?"
    r"|accesskeyid|googleaccessid|key-pair-id|sess(?:ion)?[_-]?(?:id|key)"
    rf"|(?<![a-zA-Z])(?:sas|sig{_FIGURE}|jwt|bearer))"
)
# What is said by a single word behind them is the secret, most of the time.
_ALWAYS = r"(?:secret|passw(?:or)?d|passwd|pwd|passphrase|api[ _-]?key)"
# Of which no sentence speaks: "token: expired", but not "access_token: expired".
_COMPOUND = rf"(?:(?<=[A-Za-z0-9][_-]){_NAMES}|api[_-]keys?|[a-z]{{5,12}}[_-]key(?:[_-]id)?)"
# Quotes may be escaped: JSON is written into JSON.
_QUOTE = r"\\{0,6}['\"]"
_BETWEEN = rf"(?:{_QUOTE})?\s{{0,3}}(?:=>|[:=])"

_SCHEME = r"(?:basic|bearer|digest|token|aws4-hmac-sha256|sharedkey)"

SECRETS = (
    # JSON Web Tokens, also inside of what the older API calls a bearer token.
    (re.compile(r"(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){1,4}"), HIDDEN),
    (
        re.compile(r"(?<![a-z])((?:basic//|oidc/[\w.-]{1,100}/))[\w.~+/=%-]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"(?<![a-z])(bearer{_BETWEEN}?['\"\s]\s{{0,3}})"
            r"(?![a-z]{1,20}(?:[^\w.~+/=-]|[.,;:!?]|$))[\w.~+/=%-]{6,}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"((?<![a-z])authorization{_BETWEEN}\s{{0,3}}(?:{_QUOTE})?"
            rf"(?:{_SCHEME}\s{{1,3}})?)(?!{_SCHEME}\s)"
            r"[^\s,;'\"<>\\…]{6,}(?:(?:,\s?|;)?\s?\w{3,20}=[^\s,;'\"<>]{1,300}){0,9}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"), HIDDEN),
    # `token=...`, `"x-amz-signature": "..."`: in quotes to the end of them, else to a space. JSON
    # stays JSON.
    (
        re.compile(
            rf"({_NAMES}{_BETWEEN}\s{{0,3}}({_QUOTE}))(?!…)(?!\W{{1,3}}\2)(?:(?!\2)(?:\\.|.))+",
            re.IGNORECASE | re.DOTALL,
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"({_NAMES}\s{{0,3}}(?:=>|[:=])){_NOTHING}{_PROSE}(\s{{0,3}})(?!…)"
            r"[^\s,;&'\"<>\\\[{][^\s,;&'\"<>]{2,}",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    (
        re.compile(
            rf"({_COMPOUND}\s{{0,3}}(?:=>|[:=])){_NOTHING}(\s{{0,3}})(?!…)"
            r"[^\s,;&'\"<>\\[{][^\s,;&'\"<>]{2,}",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # Short ones: "password=ab", and a single word where a sentence would go on.
    (
        re.compile(
            rf"((?:{_ALWAYS}|token|(?<![a-zA-Z])session)\s?=>?){_NOTHING}(\s?)(?!…)"
            r"[\w.~+/%-]{1,200}(?:=(?!=)[\w.~+/%-]{0,200})?",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    (
        re.compile(
            rf"({_ALWAYS}\s?:\s{{1,3}}){_SAID}[\w~+/%-]{{1,30}}{_ENDS_HERE}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    # Without a sign between: "--api-key abcdef", "the token is a1b2c3".
    (
        re.compile(
            rf"((?<![a-z])api[_-]key\s{{1,3}}){_SAID}[\w~+/%-]{{4,200}}{_ENDS_HERE}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            rf"((?:{_ALWAYS}|(?<![a-z])token)(?:\s{{1,3}}(?:is|was))?\s{{1,3}})"
            rf"{_NO_WORD}",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    # Tokens and keys that say what they are.
    (
        re.compile(
            r"(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-)[A-Za-z0-9][\w-]{9,}"
        ),
        HIDDEN,
    ),
    (
        re.compile(r"(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?!…)(?:(?!-----END).)+", re.DOTALL),
        rf"\1{HIDDEN}",
    ),
    (
        re.compile(
            r"(?<![^\s'\"])((?:-u|--user)[\s=]{1,3}['\"]?[^\s:'\"]{1,100}:)(?!\d+\b|…|//)[^\s'\"]+"
        ),
        rf"\1{HIDDEN}",
    ),
    # Links without their host: the query, and where results lie behind a signature in the path.
    (re.compile(r"(?<=[\w/.)\]])\?[\w.~%-]{1,60}=[^\s'\"<>`\\]*"), f"?{HIDDEN}"),
    (
        re.compile(r"([?&](?:sig|se|sv|sp|sr|key|code|expires)=)[^\s&'\"<>\\]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(/results/assets/|/results/items/)[^\s'\"<>`\\?]+"), rf"\1{HIDDEN}"),
)

# What is called like this as a whole, or with anything before it: accessToken, too.
NAME = re.compile(rf"(?:{_NAMES}|authorization|(?<![a-z])auth)$", re.IGNORECASE)
