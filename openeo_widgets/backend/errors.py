"""The API's error objects.

Codes, statuses and wording follow the list of standardised openEO errors
(https://openeo.org/documentation/1.0/developers/api/errors.html).
"""

from __future__ import annotations

import uuid
from typing import Any

CODES: dict[str, int] = {
    "AuthenticationRequired": 401,
    "AuthenticationSchemeInvalid": 403,
    "BudgetInvalid": 400,
    "CollectionNotFound": 404,
    "ContentTypeInvalid": 415,
    "CredentialsInvalid": 403,
    "FeatureUnsupported": 501,
    "FileNotFound": 404,
    "Internal": 500,
    "JobLocked": 400,
    "JobNotFinished": 400,
    "JobNotFound": 404,
    "JobNotStarted": 400,
    "NoDataForUpdate": 400,
    "NotFound": 404,
    "ParameterValueUnsupported": 400,
    "PropertyNotEditable": 400,
    "QueryParameterUnsupported": 400,
    "RequestTimeout": 408,
    "BillingPlanInvalid": 400,
    "ProcessGraphMissing": 400,
    "EstimateComplexity": 500,
    "RequestBodyInvalid": 400,
    "RequestTooLarge": 413,
    "ResultLinkExpired": 410,
    "TokenInvalid": 403,
}
"""HTTP status by error code, as the openEO error list has them.

``RequestTooLarge`` and ``RequestBodyInvalid`` are ours: the list has none for these.
"""


class ApiError(Exception):
    """An answer with an openEO error object.

    Args:
        code: a key of ``CODES``.
        message: what went wrong and what to do next, for the user.
        headers: extra HTTP headers of the answer.
    """

    def __init__(self, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = CODES[code]
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The error object; its ``id`` is fresh, so that one occurrence can be asked about."""
        return {
            "id": str(uuid.uuid4()),
            "code": self.code,
            "message": self.message,
            "links": [],
        }


class ConfigurationError(Exception):
    """The back-end cannot start like this; the message says what to change."""
