"""/about, /accessibility and /offline: what visitors may want to know about the network and its directory."""

from directory.records import VERIFICATION_PERIOD
from web.maps.atlas import STATES_FILE, WORLD_FILE
from web.pages.assets import ASSETS, FONT
from web.pages.organization.facts import build_contact, format_web_address
from web.pages.organization.report_link import get_contact_text
from web.pages.page import Page, PageRequest

GRAPHQL_PATH, EXPLORER_PATH = "/graphql", "/graphiql"


def build_about_page(request: PageRequest) -> Page:
    network = request.ask("about").data["network"]
    organization, contact = network["organization"], request.site.contact
    return Page(
        "about.html",
        {
            "network": network,
            "organization": organization,
            "profile": request.link(f"/organizations/{organization['slug']}"),
            "paragraphs": [part for part in (organization["description"] or "").split("\n\n") if part.strip()],
            "website_text": format_web_address(organization["website"]) if organization["website"] else None,
            "contacts": [build_contact(each) for each in organization["contacts"]],
            "contact_text": get_contact_text(contact) if contact else None,
            "verification_days": VERIFICATION_PERIOD.days,
            "api": request.build_absolute(request.root + GRAPHQL_PATH),
            "explorer": request.root + EXPLORER_PATH,
            "has_outlines": ASSETS.get_address(STATES_FILE) is not None,
            "has_world": ASSETS.get_address(WORLD_FILE) is not None,
            "has_font": ASSETS.get_address(FONT) is not None,
        },
    )


def build_accessibility_page(request: PageRequest) -> Page:
    contact = request.site.contact
    network = request.ask("network").data["network"]
    return Page("accessibility.html", {"network": network, "contact_text": get_contact_text(contact) if contact else None})


def build_offline_page(request: PageRequest) -> Page:
    """Build the page that the service worker shows in place of one that cannot be loaded."""
    return Page("offline.html", {"network": request.ask("network").data["network"]})
