"""The sentences above a page: what the last form did, what ended the work in the background, and what has changed meanwhile."""

from collections.abc import Iterator

from web.pages.languages import mark
from web.review.review_request import Notice, ReviewRequest

PLANNED_AGAIN = mark(
    "Nothing was written, because the directory has changed since the plan was made. This is a new plan with your decisions."
)
FILE_CHANGED = mark(
    "The file has changed or is gone since this review began. This is the plan of the earlier file. You can apply it, but to "
    "read the file again, end this review with Ctrl-C and start it again."
)


def list_notices(request: ReviewRequest, message: str | None) -> tuple[Notice, ...]:
    """Return the notices of a page. `message` is a marked message of the last form, or None."""
    return tuple(_iter_notices(request, message))


def _iter_notices(request: ReviewRequest, message: str | None) -> Iterator[Notice]:
    session, own = request.session, request.language.code
    if session.job.problem is not None:
        yield Notice(session.job.problem.user_message, is_error=True)
    if session.was_planned_again:
        yield Notice(request.translate(PLANNED_AGAIN), is_error=True, language=own)
    if session.has_file_changed and session.applied is None:
        yield Notice(request.translate(FILE_CHANGED), is_error=True, language=own)
    if message:
        yield Notice(request.translate(message), language=own)
