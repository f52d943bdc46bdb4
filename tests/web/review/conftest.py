"""A review of a list, with a real directory and its pages over HTTP."""

import html
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeAlias

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import PrivatePlace, StoredOrganization
from seed.mapping.profile import Profile
from seed.plan.import_plan import ProgressWrapper, plan_import
from seed.plan.planned_row import Plan
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset
from tests.builders import NOW, a_stored_location, a_stored_organization
from tests.web.conftest import put
from web.review.access import ReviewAccess
from web.review.endpoint import ReviewEndpoint
from web.review.review_session import ImportSteps, ReviewSession

PORT = 8765
PRIVATE_STREET = "77 Hidden Lane"
UNION = a_stored_organization(
    sites=(a_stored_location(private=PrivatePlace(street=PRIVATE_STREET)),), website="https://harbor.example/"
)
LIST = """\
Organization,City,State,Street,Phone,Membership,Tags,Website
Harbor Tenants Unions,Atlanta,GA,1 Main St,404-555-0101,Paid,housing,
Peachtree Legal Aid,Atlanta,GA,,404-555-0102,honorary,"housing, sustainability",not a website
,Macon,GA,,478-555-0103,,,
"""
SECONDS = 60  # for the work in the background


class ReviewPages:
    """A person with a browser: opens pages, sends forms as pages do, and waits for the work in the background."""

    def __init__(self, session: ReviewSession, access: ReviewAccess, client: TestClient) -> None:
        self.session, self.access, self.client = session, access, client

    def open_link(self) -> Response:
        return self.client.get(self.access.link.partition(self.access.authority)[2], follow_redirects=False)

    def get(self, path: str = "/", language: str = "en", **headers: str) -> Response:
        return self.client.get(f"{self.access.root}/{language}{path}", headers=headers, follow_redirects=False)

    def read(self, path: str = "/", language: str = "en") -> str:
        """Return the text of a page, without its tags."""
        response = self.get(path, language)
        assert response.status_code == 200, response.text
        return read_text(response)

    def post(self, path: str, fields: Mapping[str, str] | None = None, *, wait: bool = True) -> Response:
        """Send a form with the token, and wait for what it starts."""
        return self.post_form(path, {"csrf": self.access.csrf, **(fields or {})}, wait=wait)

    def post_form(self, path: str, fields: dict[str, str], *, wait: bool = True, origin: str | None = None) -> Response:
        address, own_origin = f"{self.access.root}/en{path}", f"http://{self.access.authority}"
        headers = {"Origin": own_origin if origin is None else origin}
        response = self.client.post(address, data=fields, headers=headers, follow_redirects=False)
        if wait:
            self.session.job.wait(SECONDS)
            assert not self.session.job.is_running
        return response

    def apply(self) -> Response:
        return self.post("/apply", {"plan": str(self.session.plan_number)})


StartReview: TypeAlias = Callable[..., ReviewPages]


def read_text(response: Response) -> str:
    """Return the text of a page, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def build_steps(file: Path, directory: Directory) -> ImportSteps:
    def load(profile: Profile | None) -> Dataset:
        return load_dataset(file, ReadOptions(), io.BytesIO(), profile)

    def plan(dataset: Dataset, progress: ProgressWrapper) -> Plan:
        return plan_import(dataset, directory.store, today=NOW.date(), progress=progress)

    return ImportSteps(file, load, plan)


@pytest.fixture
def live_directory(sqlite_url: str) -> Iterator[Directory]:
    """A directory with one organization at a private street."""
    with closing(Directory.open(sqlite_url)) as directory:
        put(directory, UNION)
        yield directory


@pytest.fixture
def start_review(live_directory: Directory, tmp_path: Path) -> Iterator[StartReview]:
    """A function that reviews a list and returns its pages, planned and (unless `opens` is False) opened."""
    with ExitStack() as stack:

        def start(content: str = LIST, name: str = "members.csv", *, opens: bool = True) -> ReviewPages:
            file = tmp_path / name
            file.write_text(content, encoding="utf-8")
            steps = build_steps(file, live_directory)
            session, access = ReviewSession(steps, live_directory, steps.load(None)), ReviewAccess(PORT)
            stack.callback(session.job.end)
            app = ReviewEndpoint(session, access).build_app()
            client = stack.enter_context(TestClient(app, f"http://{access.authority}", raise_server_exceptions=False))
            pages = ReviewPages(session, access, client)
            session.start_planning()
            session.job.wait(SECONDS)
            assert not opens or pages.open_link().status_code == 303
            return pages

        yield start


@pytest.fixture
def review(start_review: StartReview) -> ReviewPages:
    return start_review()


def find_record(directory: Directory, name: str) -> StoredOrganization:
    return next(record for record, _ in directory.store.load_organizations() if record.name == name)
