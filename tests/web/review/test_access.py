"""Nobody uses a review but the browser that opened its link first, and no other site can make that browser do anything."""

import re

from tests.web.review.conftest import PRIVATE_STREET, ReviewPages, StartReview
from web.review.endpoint import FORM_BYTES
from web.review.routes import FORMS, PAGES

ADDRESSES = [*PAGES, "/working", "/nothing"]


def assert_reveals_nothing(review: ReviewPages, text: str) -> None:
    secrets = (review.access.root, review.access.csrf, "members.csv", "Harbor", "Peachtree", PRIVATE_STREET)
    assert not [secret for secret in secrets if secret in text]


def test_the_link_works_once(review: ReviewPages) -> None:
    """The fixture has opened it."""
    review.client.cookies.clear()
    again = review.open_link()
    assert again.status_code == 403
    assert "It works once" in again.text
    assert "set-cookie" not in again.headers
    assert_reveals_nothing(review, again.text)


def test_a_wrong_token_opens_nothing_and_leaves_the_link_as_it_is(start_review: StartReview) -> None:
    review = start_review(opens=False)
    for wrong in ("", "x", "é", "a" * 10_000):
        response = review.client.get(f"{review.access.root}/open", params={"token": wrong})
        assert response.status_code == 403
        assert "Copy the whole link" in response.text
        assert_reveals_nothing(review, response.text)
    assert review.open_link().status_code == 303


def test_a_look_at_the_link_does_not_use_it_up(start_review: StartReview) -> None:
    review = start_review(opens=False)
    for method in ("HEAD", "OPTIONS"):
        response = review.client.request(method, review.access.link.partition(review.access.authority)[2], follow_redirects=False)
        assert response.status_code in (403, 405)
        assert "set-cookie" not in response.headers
    assert review.open_link().status_code == 303


def test_the_cookie_is_for_this_review_only(start_review: StartReview) -> None:
    review = start_review(opens=False)
    cookie = review.open_link().headers["set-cookie"]
    assert cookie.endswith(f"; Path={review.access.root}; HttpOnly; SameSite=Strict")
    other = start_review(opens=False)
    assert other.access.root != review.access.root
    assert other.open_link().headers["set-cookie"].partition(";")[0] != cookie.partition(";")[0]


def test_another_browser_sees_nothing(review: ReviewPages) -> None:
    review.client.cookies.clear()
    for path in ADDRESSES:
        for headers in ({}, {"Cookie": "review=wrong"}, {"Cookie": "review="}):
            response = review.get(path, **headers)
            assert (path, response.status_code) == (path, 403)
            assert "UNAUTHENTICATED" in response.text
            assert_reveals_nothing(review, response.text)


def test_addresses_like_that_of_the_link_reveal_nothing(review: ReviewPages) -> None:
    review.client.cookies.clear()
    for path in ("/open", "/x/open", f"{review.access.root}/en/open", f"{review.access.root}/open/"):
        assert_reveals_nothing(review, review.client.get(path).text)
    for method in ("POST", "PUT", "HEAD", "OPTIONS"):
        response = review.client.request(method, f"{review.access.root}/open")
        assert response.status_code in (403, 405)
        assert_reveals_nothing(review, response.text)


def test_another_host_is_refused(review: ReviewPages) -> None:
    for host in ("evil.example", "localhost:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8765.evil.example"):
        for path in ("/", "/report", "/nothing"):
            response = review.get(path, Host=host)
            assert (host, response.status_code) == (host, 400)
            assert_reveals_nothing(review, response.text)


def test_files_of_pages_need_the_right_host(review: ReviewPages) -> None:
    page = review.get().text
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert review.client.get(style).status_code == 200
    assert review.client.get(style, headers={"Host": "evil.example"}).status_code == 400


def test_a_form_of_another_site_is_refused(review: ReviewPages) -> None:
    for path in FORMS:
        for origin in ("", "null", "http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1:8765"):
            response = review.post_form(path, {"csrf": review.access.csrf, "plan": "1"}, origin=origin)
            assert (path, origin, response.status_code) == (path, origin, 403)
    assert (review.session.plan_number, review.session.applied) == (1, None)


def test_a_form_without_the_token_is_refused(review: ReviewPages) -> None:
    for path in FORMS:
        for fields in ({}, {"csrf": ""}, {"csrf": "wrong"}, {"csrf": "é"}):
            response = review.post_form(path, {"plan": "1", **fields})
            assert (path, fields, response.status_code) == (path, fields, 403)
            assert "FORBIDDEN" in response.text
    assert (review.session.plan_number, review.session.applied) == (1, None)


def test_forms_are_not_sent_by_get(review: ReviewPages) -> None:
    for path in FORMS:
        assert review.get(f"{path}?csrf={review.access.csrf}&plan=1").status_code in (200, 303, 405)
    assert (review.session.plan_number, review.session.applied) == (1, None)


def test_a_form_that_is_too_large_is_refused(review: ReviewPages) -> None:
    for path in FORMS:
        response = review.post(path, {"filler": "x" * FORM_BYTES})
        assert response.status_code == 413
        assert "That did not work" in response.text
    many = {"csrf": review.access.csrf, **{f"field{number}": "x" for number in range(4_000)}}
    assert review.post_form("/columns", many).status_code == 400


def test_only_forms_are_read(review: ReviewPages) -> None:
    address = f"{review.access.root}/en/apply"
    headers = {"Origin": f"http://{review.access.authority}"}
    assert review.client.post(address, json={"csrf": review.access.csrf}, headers=headers).status_code == 415
    twice = f"csrf={review.access.csrf}&csrf={review.access.csrf}"
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    assert review.client.post(address, content=twice, headers=form).status_code == 400


def test_nothing_is_kept_run_or_framed(review: ReviewPages) -> None:
    for path in ADDRESSES:
        headers = review.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert headers["cache-control"] == "private, no-store"
        assert headers["referrer-policy"] == "same-origin"  # with "no-referrer", browsers hide the origin of forms
        assert headers["x-content-type-options"] == "nosniff"


def test_addresses_without_a_page(review: ReviewPages) -> None:
    assert review.get("/nothing").status_code == 404
    assert review.client.get("/").status_code == 403
    assert review.client.get(f"{review.access.root}/fr/").status_code == 404
    assert "There is no page" in review.get("/nothing").text


def test_pages_have_no_script_and_no_link_to_another_host(review: ReviewPages) -> None:
    for path in ("/", "/?show=all", "/columns", "/values", "/apply", "/nothing"):
        page = review.get(path).text
        assert "<script" not in page
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        assert addresses
        assert [address for address in addresses if not re.match(r"(/(?!/)|#)", address)] == []
