"""Every page and form of the review by its path."""

from collections.abc import Callable, Mapping

from web.review import downloads, mapping_pages, plan_page, result_pages
from web.review.review_request import Answer, ReviewRequest

Handler = Callable[[ReviewRequest], Answer]

PAGES: Mapping[str, Handler] = {
    "/": plan_page.build_plan_page,
    "/columns": mapping_pages.build_columns_page,
    "/values": mapping_pages.build_values_page,
    "/apply": result_pages.build_apply_page,
    "/result": result_pages.build_result_page,
    "/corrections": downloads.build_corrections,
    "/report": downloads.build_report,
}
FORMS: Mapping[str, Handler] = {  # sent by POST
    "/decide": plan_page.take_decisions,
    "/columns": mapping_pages.take_columns,
    "/values": mapping_pages.take_values,
    "/apply": result_pages.take_apply,
    "/undo": result_pages.take_undo,
    "/plan": result_pages.take_plan,
    "/profile": result_pages.take_profile,
}
