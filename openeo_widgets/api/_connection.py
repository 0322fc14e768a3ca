"""Our own connection to an openEO back-end: discovery, sign-in, requests, jobs, cubes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import requests

from openeo_widgets.api._auth import BearerAuth, NoAuth, Session, origin
from openeo_widgets.api._copying import created_job
from openeo_widgets.api._cube import DataCube
from openeo_widgets.api._discovery import discovered, takes_plain_tokens, with_scheme
from openeo_widgets.api._graph import as_flat_graph
from openeo_widgets.api._http import (
    TIMEOUT,
    asked,
    call,
    call_json,
    error_from,
    host_of,
    json_body,
    pages,
)
from openeo_widgets.api._job import BatchJob
from openeo_widgets.errors import BackendError, NoAnswerError, SignInError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from requests.auth import AuthBase

__all__ = ["Connection", "connect"]

_ERROR = 400


def connect(
    url: str,
    *,
    session: requests.Session | None = None,
    timeout: float | tuple[float, float] = TIMEOUT,
) -> Connection:
    """Connect to an openEO back-end.

    Looks for ``/.well-known/openeo`` first (API, section "API Discovery") and takes the newest
    version there that is ready for production; without it the URL itself is the API's root.

    Args:
        url: Address of the back-end. Without a scheme it is https, on loopback http.
        session: A ``requests.Session`` to use, for proxies or certificates of your own.
        timeout: Seconds to wait, for connecting and between two bytes, or one number for both.

    Returns:
        A connection, not signed in.

    Raises:
        NoAnswerError: Nobody answers there, or it is no openEO back-end.
        BackendError: The back-end answers with an error.
    """
    connection = Connection(with_scheme(url), session=session, timeout=timeout)
    connection.root_url = discovered(connection)
    connection.capabilities()
    return connection


class Connection:
    """A connection to one openEO back-end.

    ``get``, ``post``, ``patch``, ``delete`` and ``head`` take a path below the API's root, or a
    whole URL, and return a ``requests.Response``. Credentials go to the origin of the API only.
    Whatever else asks the back-end raises `BackendError` when that answers with an error, and
    `NoAnswerError` when no usable answer comes.

    Args:
        url: Root URL of the API.
        session: A session to use in every thread; by default each thread has its own.
        timeout: Seconds, as in `connect`.

    Attributes:
        root_url: Root URL of the API, without a slash at its end.
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: float | tuple[float, float] = TIMEOUT,
    ) -> None:
        self.root_url = url.rstrip("/")
        self._timeout = timeout
        self._shared_session = session
        self._per_thread = threading.local()
        self._auth: AuthBase = NoAuth()
        self._capabilities: dict[str, Any] | None = None
        self._specs: dict[str, dict[str, Any]] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} to {host_of(self.root_url)}>"

    # Requests

    def request(
        self,
        method: str,
        path: str,
        *,
        check_error: bool = True,
        expected_status: int | Collection[int] | None = None,
        auth: AuthBase | None = None,
        **kwargs: Any,
    ) -> requests.Response:
        """Make one request.

        Args:
            method: HTTP method.
            path: Path below the API's root, or a whole URL.
            check_error: Whether a status of 400 and more is raised.
            expected_status: The status, or statuses, that are no error.
            auth: Credentials instead of the connection's.
            **kwargs: For ``requests``.

        Raises:
            BackendError: The back-end answered with an error, or an unexpected status.
            requests.RequestException: No answer came.
        """
        url = self.build_url(path)
        ours = origin(url) == origin(self.root_url)
        kwargs.setdefault("timeout", self._timeout)
        response = self._session.request(
            method, url, auth=auth or (self._auth if ours else NoAuth()), **kwargs
        )
        status = response.status_code
        where = asked(method, path, self.root_url)
        expected = {expected_status} if isinstance(expected_status, int) else expected_status
        if not check_error or (expected and status in expected):
            return response
        if status >= _ERROR:
            raise error_from(response, where)
        if expected:
            raise BackendError(
                f"{where} was answered with the unexpected HTTP status {status}.",
                http_status=status,
            )
        return response

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        """GET a path or URL; see `request`."""
        return self.request("get", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> requests.Response:
        """POST JSON to a path; see `request`."""
        return self.request("post", path, json=json, allow_redirects=False, **kwargs)

    def patch(self, path: str, json: Any = None, **kwargs: Any) -> requests.Response:
        """PATCH a path with JSON; see `request`."""
        return self.request("patch", path, json=json, allow_redirects=False, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> requests.Response:
        """DELETE a path; see `request`."""
        return self.request("delete", path, allow_redirects=False, **kwargs)

    def head(self, path: str, **kwargs: Any) -> requests.Response:
        """HEAD of a path or URL; see `request`."""
        return self.request("head", path, **kwargs)

    def build_url(self, path: str) -> str:
        """Put a path below the API's root; whole URLs stay as they are."""
        if urlsplit(path).scheme:
            return path
        return f"{self.root_url.rstrip('/')}/{path.lstrip('/')}"

    @property
    def _session(self) -> requests.Session:
        """A ``requests.Session`` is not made for several threads at once: one each."""
        if self._shared_session is not None:
            return self._shared_session
        if not hasattr(self._per_thread, "session"):
            self._per_thread.session = Session()
        session: requests.Session = self._per_thread.session
        return session

    # Sign-in

    @property
    def auth(self) -> AuthBase:
        """The credentials in use; another object after signing in again."""
        return self._auth

    def authenticate_basic(self, username: str, password: str) -> Connection:
        """Sign in with a user name and a password (API, section "Basic").

        Args:
            username: Name of the user.
            password: Their password. It is sent once, for a token, and not kept.

        Returns:
            This connection, signed in.

        Raises:
            SignInError: The back-end refuses them.
        """
        auth = requests.auth.HTTPBasicAuth(username.encode(), password.encode())
        try:
            answer = call_json(self, "/credentials/basic", auth=auth)
        except SignInError as error:
            error.hint = "Check the user name and the password."
            raise
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise NoAnswerError("The back-end accepted the password but gave no access token.")
        plain = takes_plain_tokens(self, self.capabilities())
        return self.authenticate_bearer_token(token if plain else f"basic//{token}")

    def authenticate_bearer_token(self, bearer_token: str) -> Connection:
        """Sign in with a bearer token.

        Args:
            bearer_token: The token as the back-end wants it: a JWT (API 1.3), or with the older
                prefix ``basic//`` or ``oidc/<provider>/``.

        Returns:
            This connection, signed in.

        Raises:
            ValueError: It cannot be a token.
        """
        self._auth = BearerAuth(bearer_token, self.root_url)
        # A back-end may offer more to those it knows.
        self._capabilities = self._specs = None
        return self

    def authenticate_oidc(self, *_: Any, **__: Any) -> Connection:
        """Say how to sign in with OpenID Connect: through the official client.

        Raises:
            SignInError: Always.
        """
        raise SignInError(
            "This connection does not sign in by OpenID Connect itself.",
            http_status=401,
            hint="Use the official client, and hand its connection to the widgets: "
            "connection = openeo.connect(url).authenticate_oidc(); "
            "JobWidget(connection.job(job_id)).",
        )

    # What the back-end has

    def capabilities(self) -> dict[str, Any]:
        """What the back-end says of itself (``GET /``), asked once.

        Raises:
            NoAnswerError: Nobody answers, or it is no openEO back-end.
        """
        if self._capabilities is None:
            document = call_json(self, "/")
            if "endpoints" not in document and "api_version" not in document:
                raise NoAnswerError(
                    f"What answers at {host_of(self.root_url)} is no openEO back-end.",
                    hint="Check the address; it often ends in a version, such as /openeo/1.2.",
                )
            self._capabilities = document
        return self._capabilities

    def list_collections(self) -> list[dict[str, Any]]:
        """All collections of the back-end, in short form."""
        return self._listed("/collections", "collections")

    def describe_collection(self, collection_id: str) -> dict[str, Any]:
        """One collection in full: bands, dates, extent in lon/lat degrees."""
        return call_json(self, f"/collections/{quote(collection_id)}")

    def list_processes(self) -> list[dict[str, Any]]:
        """All processes of the back-end."""
        return list(self.process_specs().values())

    def process_specs(self) -> Mapping[str, dict[str, Any]]:
        """The back-end's processes by id, asked once."""
        if self._specs is None:
            found = self._listed("/processes", "processes")
            self._specs = {str(spec["id"]): spec for spec in found if "id" in spec}
        return self._specs

    def list_file_formats(self) -> dict[str, Any]:
        """The file formats that the back-end reads and writes."""
        return call_json(self, "/file_formats")

    def describe_account(self) -> dict[str, Any]:
        """Who is signed in: name, plan, budget, storage (``GET /me``)."""
        return call_json(self, "/me")

    def validate_process_graph(self, process_graph: Any) -> list[dict[str, Any]]:
        """Let the back-end check a graph (``POST /validation``).

        Returns:
            The errors found; an empty list means that the graph is valid.
        """
        body = {"process_graph": as_flat_graph(process_graph)}
        answer = json_body(call(self, "post", "/validation", json=body), "POST /validation")
        errors = answer.get("errors")
        return errors if isinstance(errors, list) else []

    # Cubes and jobs

    def load_collection(
        self,
        collection_id: str,
        spatial_extent: Mapping[str, Any] | None = None,
        temporal_extent: Sequence[Any] | None = None,
        bands: Sequence[str] | None = None,
        **arguments: Any,
    ) -> DataCube:
        """Begin a data cube from a collection.

        Args:
            collection_id: Id of the collection.
            spatial_extent: ``west``, ``south``, ``east``, ``north`` in degrees lon/lat, or in
                the units of ``crs`` if that is given; or GeoJSON; None for everything.
            temporal_extent: First date, included, and last, excluded; None for an open end.
            bands: Names of the bands; None for all.
            **arguments: More of the process, such as ``properties``: conditions, as functions,
                by the name of the property.
        """
        extents = {"spatial_extent": spatial_extent, "temporal_extent": temporal_extent}
        return DataCube.load(self, {"id": collection_id, **extents, "bands": bands, **arguments})

    def create_job(
        self,
        process_graph: Any,
        *,
        title: str | None = None,
        description: str | None = None,
        plan: str | None = None,
        budget: float | None = None,
        log_level: str | None = None,
        additional: Mapping[str, Any] | None = None,
        job_options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> BatchJob:
        """Create a batch job (``POST /jobs``). It is not started.

        Args:
            process_graph: A flat graph, a string or file of JSON, our cube or the official one.
            title: A few words that tell the job from others.
            description: CommonMark text.
            plan: Billing plan of the back-end.
            budget: Most that the job may cost, in the back-end's currency.
            log_level: Least severe level to keep: ``error``, ``warning``, ``info``, ``debug``.
            additional: More properties of the job that the back-end knows.
            job_options: Sent as the property ``job_options``.
            **more: The same as `additional`, as keywords.

        Returns:
            The batch job.
        """
        fields = {
            "title": title,
            "description": description,
            "plan": plan,
            "budget": budget,
            "log_level": log_level,
            "job_options": job_options,
        }
        body: dict[str, Any] = {"process": {"process_graph": as_flat_graph(process_graph)}}
        body |= {name: value for name, value in fields.items() if value is not None}
        return created_job(self, body | dict(additional or {}) | more)

    def job(self, job_id: str) -> BatchJob:
        """A batch job that exists, by its id. Nothing is asked yet."""
        return BatchJob(job_id, self)

    def list_jobs(self, limit: int | None = None) -> list[dict[str, Any]]:
        """The batch jobs of this user, through all pages, in short form.

        Args:
            limit: Jobs to a page, for the back-end; all are returned in any case.
        """
        return self._listed("/jobs", "jobs", params={"limit": limit} if limit else None)

    def _listed(self, path: str, name: str, **kwargs: Any) -> list[dict[str, Any]]:
        entries = (page.get(name) for page in pages(self, path, **kwargs))
        return [
            e for part in entries if isinstance(part, list) for e in part if isinstance(e, dict)
        ]
