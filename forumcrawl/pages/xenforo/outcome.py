"""Pages that say no: error pages and login walls."""

from __future__ import annotations

from functools import cached_property

from forumcrawl.pages.html import Selection, classes, text_of
from forumcrawl.pages.xenforo.page import COMMON, Kind, XenForoPage

_FORBIDDEN = [
    "do not have permission",
    "don't have permission",
    "keine berechtigung",
    "nicht berechtigt",
    "pas la permission",
    "pas l'autorisation",
    "недостаточно прав",
    "нет прав",
    "no tienes permiso",
    "ليس لديك صلاحية",
    "ليس لديك إذن",
    "لا تملك الصلاحية",
    "لا تملك صلاحية",
]
_MISSING = [
    "could not be found",
    "was not found",
    "konnte nicht gefunden",
    "nicht gefunden werden",
    "n'a pas pu être trouvé",
    "introuvable",
    "не найден",
    "не удалось найти",
    "no se pudo encontrar",
    "no se ha podido encontrar",
    "لا يمكن العثور",
    "لم يتم العثور",
    "غير موجود",
]


_WARNINGS = frozenset({"u-noJsOnly", "js-browserWarning"})
"""Notes to browsers, which every full page holds, shown or not."""


class OutcomePage(XenForoPage):
    """A page that yields an outcome and no items."""

    selection = Selection(COMMON | {"blockMessage"})

    @cached_property
    def reason(self) -> str:
        """What the page says, in one line; notes to browsers are not it."""
        for each in self.parts.get("blockMessage", ()):
            if _WARNINGS.isdisjoint(classes(each)) and (said := text_of(each)):
                return said
        return self.title or ""

    def outcome(self, status: int | None = None) -> str:
        """login_required, forbidden, not_found or error. `status` is HTTP's, None for a saved file."""
        raise TypeError("an outcome page is a login or an error page")


class LoginPage(OutcomePage):
    """`login`: the forum wants to know who asks."""

    kind = Kind.LOGIN

    def outcome(self, status: int | None = None) -> str:
        return "login_required"


class ErrorPage(OutcomePage):
    """`error`: the status tells what is wrong; a saved file has none, so then its words are a hint."""

    kind = Kind.ERROR

    def outcome(self, status: int | None = None) -> str:
        if status in (401, 403):
            return "forbidden"
        if status in (404, 410):
            return "not_found"
        said = self.reason.lower()
        if any(phrase in said for phrase in _FORBIDDEN):
            return "forbidden"
        return "not_found" if any(phrase in said for phrase in _MISSING) else "error"
