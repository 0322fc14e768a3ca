"""Why a batch job failed, as far as its logs say it in a way that is known: pure.

Back-ends say the same in many words: those of Python, Java, Spark, Kubernetes, Slurm. A pattern
stands here only where it leaves no doubt, or where the sentence that goes with it says that
there is one. What is not known stays unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["UNKNOWN_HINT", "Cause", "cause_of"]

UNKNOWN_HINT = "Read its logs: what stands before the last error often says more."

# Nobody says why further on in a message than this; stack traces are long.
_LOOKED_AT = 5000


class Cause(NamedTuple):
    """A known cause.

    Attributes:
        kind: ``memory``, ``time``, ``credits``, ``storage``, ``no_data``, ``sign_in``,
            ``process`` or ``back_end``.
        words: What it means, and what to do next.
    """

    kind: str
    words: str


class _Rule(NamedTuple):
    cause: Cause
    codes: frozenset[str]
    says: re.Pattern[str]


def _rule(kind: str, words: str, *, codes: str = "", says: Iterable[str]) -> _Rule:
    pattern = re.compile("|".join(f"(?:{part})" for part in says), re.IGNORECASE)
    return _Rule(Cause(kind, words), frozenset(codes.lower().split()), pattern)


_LESS = "ask for a smaller area, a shorter time or a coarser resolution"
_MEMORY = f"Duplicate it with more memory, where the back-end has an option for that, or {_LESS}."

_PICTURES = r"(?:tiles|products|images|scenes|items|granules|acquisitions|rasters)"

# The first that fits counts: what is certain stands before what is likely.
_RULES = (
    _rule(
        "memory",
        f"It ran out of memory. {_MEMORY}",
        codes="OutOfMemory OutOfMemoryError MemoryError MemoryLimitExceeded OOMKilled",
        says=[
            r"\bMemoryError\b",
            r"\bOOM[- ]?killed\b",
            r"\bout[ -]of[ -]memory\b|\bOutOfMemory(?:Error|Exception)?\b",
            r"\bjava heap space\b|\bGC overhead limit exceeded\b",
            r"\bexceed(?:s|ed|ing)? (?:[\w.]+ ){0,6}memory\b",
            r"\bmemory (?:limit|quota|overhead) (?:[\w.]+ ){0,6}(?:was |is )?(?:exceeded|reached)",
            r"\bUnable to allocate [\d.]+ [KMGTP]iB\b|\bCannot allocate memory\b",
            r"\bstd::bad_alloc\b",
        ],
    ),
    _rule(
        "storage",
        "There was no room left for its files. Delete results that you no longer need, or "
        f"{_LESS}; if that does not help, ask the back-end.",
        codes="StorageQuotaExceeded QuotaExceeded DiskQuotaExceeded",
        says=[
            r"\b(?:storage|disk|workspace) quota (?:[\w.]+ ){0,6}exceeded\b",
            r"\bStorageQuotaExceeded\b",
            r"\bexceed(?:s|ed|ing)? (?:the |your )?(?:storage|disk) quota\b",
            r"\bNo space left on device\b",
        ],
    ),
    _rule(
        "credits",
        "Its budget, or your credits, did not suffice. Duplicate it with a larger budget, top up "
        f"your account, or {_LESS}.",
        codes="PaymentRequired BudgetExceeded InsufficientCredits CreditsInsufficient",
        says=[
            r"\bpayment required\b",
            r"\b(?:insufficient|not enough|ran out of|no more|no remaining|no) (?:credits|funds)\b",
            r"\b(?:insufficient|not enough|ran out of|no more) processing units\b",
            r"\bbudget (?:[\w.]+ ){0,6}(?:exceeded|exhausted|used up)\b",
            r"\bexceed(?:s|ed|ing)? (?:the |its |your )?budget\b",
        ],
    ),
    _rule(
        "time",
        "It ran longer than the back-end allows. Split it into several jobs, or " + _LESS + ".",
        codes="TimeLimitExceeded JobTimeout DeadlineExceeded",
        says=[
            r"\b(?:time ?limit|wall ?time) (?:[\w.]+ ){0,6}(?:exceeded|reached)\b",
            r"\bmax(?:imum)? (?:allowed )?(?:run|execution|processing) ?time\b.{0,40}\bexceeded\b",
            r"\bexceed(?:s|ed|ing)? (?:[\w.]+ ){0,3}(?:time ?limit|wall ?time|run ?time)\b",
            r"\bexceed(?:s|ed|ing)? (?:[\w.]+ ){0,3}(?:execution|processing) time\b",
            r"\bdue to time limit\b|\bDeadlineExceeded\b",
            r"\bactive longer than (?:the )?specified deadline\b",
        ],
    ),
    _rule(
        "no_data",
        "There are no data for what was asked. Check area, dates, collection and filters such as "
        "cloud cover; west, south, east, north, and the order of dates, are easily mixed up.",
        codes="NoDataAvailable NoDataForExtent NoDataFound TemporalExtentEmpty ExtentOutOfBounds "
        "DataCubeEmpty EmptyDataCube",
        says=[
            r"\bNoDataAvailable\b",
            r"\bno data (?:(?:is|was|are|were) )?(?:available|found)\b",
            rf"\bno (?:[\w-]+ )?{_PICTURES}\b(?! (?:failed|lost|skipped|missing|remain|left))",
            r"\bno (?:sentinel|landsat|modis)[- ]?\w* data\b",
            rf"\b(?:found|returned|matched) (?:0|no|zero) {_PICTURES}\b",
            r"\bextent (?:[\w.]+ ){0,4}(?:does not (?:intersect|overlap)|is (?:empty|outside))",
            r"\b(?:data ?cube|collection) is empty\b|\bempty data ?cube\b",
        ],
    ),
    _rule(
        "sign_in",
        "The back-end, or a service that the job asks, did not accept its sign-in. Sign in again "
        "in the notebook, then start it again.",
        codes="TokenInvalid AuthenticationRequired CredentialsInvalid",
        says=[
            r"\b(?:access |refresh )?token (?:has |is )?(?:expired|no longer valid)\b",
            r"\b(?:expired|invalid) (?:access |refresh |bearer )?token\b|\bTokenInvalid\b",
            r"\b401\b.{0,20}\bUnauthorized\b",
        ],
    ),
    _rule(
        "process",
        "The process graph asks for something that the back-end does not know, or does not take. "
        "Correct what the message names where the graph is made, and run that cell again.",
        codes="ProcessUnsupported ProcessInvalid ProcessGraphInvalid ProcessGraphMissing "
        "ProcessParameterInvalid ProcessParameterMissing ProcessParameterUnsupported "
        "ProcessParameterRequired ProcessArgumentInvalid ProcessArgumentRequired "
        "ProcessArgumentUnsupported ProcessNotFound ProcessGraphComplexity CollectionNotFound "
        "FormatUnsupported FormatUnsuitable FormatArgumentInvalid FormatArgumentUnsupported "
        "BandNotFound DimensionNotAvailable InvalidProcessGraph",
        says=[
            r"\bprocess ['\"]?\w+['\"]? is not (?:supported|available|defined|implemented)\b",
            r"\bprocess ['\"]?\w+['\"]? (?:does not exist|not found)\b",
            r"\bunknown process\b|\bProcessParameter(?:Invalid|Missing|Unsupported)\b",
            r"\bvalue passed for (?:parameter|argument) \S+ in process\b",
            r"\b(?:missing|invalid) (?:parameter|argument) \S+ (?:of|in|for) process\b",
            r"\bcollection ['\"]?[\w.-]+['\"]? (?:does not exist|not found|is not available)\b",
        ],
    ),
    _rule(
        "memory",
        "It was killed, as happens mostly to jobs that use more memory than they were given. "
        + _MEMORY,
        says=[
            r"\bexit(?:ed with)? ?(?:code|status)?:?(?: is| of| was)? ?=?137\b",
            r"\bcontainer (?:was )?killed\b|\bKilledWorker\b",
        ],
    ),
    _rule(
        "back_end",
        "The trouble is the back-end's own. Start a copy later; if it fails again, tell the "
        "back-end the id of this job and the reference here.",
        codes="Internal InternalError InfrastructureMaintenance InfrastructureBusy StorageFailure "
        "WorkerLost ServiceUnavailable",
        says=[
            r"\binternal (?:server )?error\b",
            r"\bExecutorLostFailure\b|\bWorkerLostError\b|\blost (?:executor|worker) \S+",
            r"\bpod (?:[\w.-]+ )?(?:was )?evicted\b|\bnode (?:[\w.-]+ )?(?:was )?preempted\b",
            r"\b50[234]\b.{0,20}\b(?:Bad Gateway|Service Unavailable|Gateway Time-?out)\b",
        ],
    ),
)


def cause_of(code: str, message: str, others: Iterable[str] = ()) -> Cause | None:
    """The known cause of a failure, or None.

    Args:
        code: Code of the last error entry of the job's logs, or "".
        message: Its message.
        others: Messages of its other errors. They count where the last one says nothing, or no
            more than that something went wrong.
    """
    found = _by_code(code) or _by_text(message)
    if found is None or found.kind == "back_end":
        more = (_by_text(other) for other in others)
        found = next((cause for cause in more if cause and cause.kind != "back_end"), found)
    return found


def _by_code(code: str) -> Cause | None:
    name = code.lower()
    return next((rule.cause for rule in _RULES if name in rule.codes), None)


def _by_text(message: str) -> Cause | None:
    text = message[:_LOOKED_AT]
    return next((rule.cause for rule in _RULES if rule.says.search(text)), None)
