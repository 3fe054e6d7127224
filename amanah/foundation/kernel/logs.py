"""Log lines for machines: one JSON object each, with the request's id and without anything that belongs to a person.

Nothing that looks like a NIK, a KK number, a phone number, an e-mail address or a secret leaves this module, in messages, paths and
tracebacks alike (UU PDP 27/2022: a log is a copy of data nobody asked for). Redaction is coarse on purpose: a long number too many
hidden costs a second look, one too few costs somebody's privacy. Names of people cannot be recognised, so nobody may log them.
"""
import json
import logging
import re
from contextvars import ContextVar, Token
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("amanah_request_id", default="")

# What a caller may add with `extra={...}`; every other attribute of a record stays out.
EXTRAS = ("method", "path", "status", "ms", "actor_kind", "statements")
LONGEST = 32_768  # characters of a message or a traceback; what comes after is cut
HIDDEN = "•••"


def set_request_id(value: str) -> Token[str]:
    """Name the request that this context works for; give the token to `request_id.reset` when it is done."""
    return request_id.set(redact(value)[:64])


_STRONG = r"password|passwd|passphrase|kata_?sandi|sandi|token|secret|api[_-]?key|signature|sessionid|csrf\w*|otp|authorization|cookie"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern, re.IGNORECASE), put) for pattern, put in (
    # Numbers come first: another rule might take a part of one and leave the rest.
    # NIK and KK number, NPWP: fifteen digits or more, whole or in groups
    (r"\d(?:[ .\-_]?\d){14,}", "••••••••••••••••"),
    # telephone: +62…, 62…, 0…, 8…, and foreign ones with their plus sign
    (r"(?<!\d)(?:\+|00|%2B)\s?\(?\d\)?(?:[ .\-()]{0,2}\d){6,}", "•••••••••"),
    (r"(?<!\d)62(?:[ .\-()]{0,2}\d){7,}(?!\d)", "•••••••••"),
    (r"(?<!\d)\(?0\d{1,3}\)?(?:[ .\-()]{0,2}\d){6,}(?!\d)", "•••••••••"),
    (r"(?<!\d)8\d(?:[ .\-]?\d){7,}(?!\d)", "•••••••••"),
    # What a database repeats from a row: "Key (email)=(…) already exists", "Failing row contains (…)".
    (r"(Key \([^)]*\)=)\(.*\)", rf"\1({HIDDEN})"),
    (r"(row contains )\(.*\)", rf"\1({HIDDEN})"),
    # user:password in an address
    (r"(://[^/\s:@]{0,256}:)[^/\s@]{1,256}(?=@)", rf"\1{HIDDEN}"),
    (r"\b(Bearer|Basic|Digest)\s+[\w.~+/=•-]+", rf"\1 {HIDDEN}"),
    (r"\beyJ[\w•-]{5,}\.[\w•-]{2,}(?:\.[\w•-]*)?", HIDDEN),
    (r"((?:set-)?cookie:\s*)[^\r\n]+", rf"\1{HIDDEN}"),
    # name=value, "name": "value"; the strong words also as prose, "token: value"
    (rf"((?<![a-z])[\w-]{{0,64}}?(?:{_STRONG})[\"']?\s{{0,8}}[=:]\s{{0,8}})(?:\"[^\"]*\"?|'[^']*'?|[^\s&;,\"')}}\]]+)", rf"\1{HIDDEN}"),
    (r"((?<![a-z])[\w-]{0,64}?(?:key|kunci|pin|code|kode)(?:=|[\"']\s{0,8}[:=]\s{0,8}))(?:\"[^\"]*\"?|'[^']*'?|[^\s&;,\"')}\]]+)", rf"\1{HIDDEN}"),
    # e-mail, also percent-encoded; local parts end at 64 characters, which keeps the search linear
    (r"[^\s@\"<>(),;:\[\]\\]{1,64}(?:@|%40)[^\s@\"<>(),;:\[\]\\/?&=]+", "•••@•••"),
))


def redact(text: str) -> str:
    """The text without numbers of persons, addresses and secrets; safe to apply twice."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + " …"
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return text


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time (UTC), level, logger, message, request_id, the permitted extras, and the traceback.

    Tracebacks hold the lines of source and the error's text, never the values of variables.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if current := request_id.get():
            line["request_id"] = current
        for name in EXTRAS:
            if (value := record.__dict__.get(name)) is not None:
                line[name] = _plain(name, value)
        if record.exc_info:
            line["traceback"] = redact(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redact(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def _plain(name: str, value: object) -> object:
    if isinstance(value, int | float) and abs(value) < 100_000_000:
        return value
    text = str(value)
    return redact(text.partition("?")[0] if name == "path" else text)
