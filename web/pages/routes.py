"""The pages and their addresses."""

from functools import partial

from web.pages import service_worker, sitemap
from web.pages.browse.region_group_page import GROUP_PAGES
from web.pages.browse.region_page import build_region_page
from web.pages.browse.regions_page import build_regions_page
from web.pages.browse.theme_pages import build_theme_page, build_themes_page
from web.pages.browse.themes import COMMUNITIES, ISSUE_AREAS, WORK_AREAS
from web.pages.calendar import CALENDARS
from web.pages.coverage import coverage_form
from web.pages.coverage.coverage_files import COVERAGE_FILES
from web.pages.coverage.coverage_page import build_coverage_page
from web.pages.embed import embed_page, snippet_page
from web.pages.feed import PATH as FEED_PATH
from web.pages.feed import build_feed
from web.pages.kinds import coalition_list, coalition_page, event_list, event_page, instrument_pages
from web.pages.kinds.provision_rows import INSTRUMENTS_PATH
from web.pages.network import manifest
from web.pages.network.about_page import build_about_page, build_accessibility_page, build_offline_page
from web.pages.organization import organization_page
from web.pages.page import PageBuilder
from web.pages.partners import partner_form
from web.pages.partners.partners_page import build_partners_page
from web.pages.plan import plan_form
from web.pages.plan.plan_file import build_plan_csv
from web.pages.plan.plan_page import CSV_PATH, build_plan_page
from web.pages.search.downloads import DOWNLOADS
from web.pages.search.search_page import build_search_page

PAGES: dict[str, PageBuilder] = {
    "/": build_search_page,
    "/themes": build_themes_page,
    **{f"{kind.path}/{{slug}}": partial(build_theme_page, kind) for kind in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS)},
    "/places": build_regions_page,
    **GROUP_PAGES,
    "/places/{code}": build_region_page,
    "/about": build_about_page,
    "/accessibility": build_accessibility_page,
    "/offline": build_offline_page,
    manifest.PATH: manifest.build_manifest,
    service_worker.PATH: service_worker.build_service_worker,
    **DOWNLOADS,
    **CALENDARS,
    coverage_form.PATH: build_coverage_page,
    partner_form.PATH: build_partners_page,
    **COVERAGE_FILES,
    plan_form.PATH: build_plan_page,
    CSV_PATH: build_plan_csv,
    FEED_PATH: build_feed,
    embed_page.PATH: embed_page.build_embed_page,
    snippet_page.PATH: snippet_page.build_snippet_page,
    coalition_list.PATH: coalition_list.build_coalitions_page,
    coalition_page.PATH: coalition_page.build_coalition_page,
    event_list.PATH: event_list.build_events_page,
    event_page.PATH: event_page.build_event_page,
    INSTRUMENTS_PATH: instrument_pages.build_instruments_page,
    instrument_pages.PATH: instrument_pages.build_instrument_page,
    instrument_pages.PROVISION_PATH: instrument_pages.build_provision_page,
    organization_page.PATH: organization_page.build_organization_page,
    sitemap.PATH: sitemap.build_sitemap,
    sitemap.PART_PATH: sitemap.build_sitemap_part,
}
