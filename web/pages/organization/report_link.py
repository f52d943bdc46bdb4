"""The link with which people report an error in a record or ask for its removal."""

from urllib.parse import quote

from web.pages.page import PageRequest

MAIL_SCHEME = "mailto:"


def build_report_values(request: PageRequest, name: str, address: str) -> dict[str, str | None]:
    """Return the link and the text of the network's contact for the templates; None for both if the network has none.

    `name` and `address` are those of the record and its page. They become the subject of an e-mail.
    """
    contact = request.site.contact
    if contact is None:
        return {"report_link": None, "contact_text": None}
    subject = request.language.gettext("Record of %(name)s, %(address)s") % {"name": name, "address": address}
    return {"report_link": build_report_link(contact, subject), "contact_text": get_contact_text(contact)}


def build_report_link(contact: str, subject: str) -> str:
    """Return the network's contact address. An e-mail gets the subject, unless the setting already has one."""
    if not is_mail_link(contact) or "subject=" in contact.lower():
        return contact
    separator = "&" if "?" in contact else "?"
    return f"{contact}{separator}subject={quote(subject, safe='')}"


def is_mail_link(address: str) -> bool:
    return address.lower().startswith(MAIL_SCHEME)


def get_contact_text(contact: str) -> str:
    """Return the address as people write it on paper: without "mailto:" and its parameters."""
    return contact[len(MAIL_SCHEME) :].partition("?")[0] if is_mail_link(contact) else contact
