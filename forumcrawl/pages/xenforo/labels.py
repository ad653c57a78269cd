"""What words of a page mean, where that is known.

Labels are translated and boards rename them, so nothing depends on this table: an unknown label is placed by
its position. It only keeps a known stranger ("Solutions", "Age") from being taken for its neighbour.
"""

from __future__ import annotations

_LABELS = {
    "joined": "joined|registriert|mitglied seit|dabei seit|inscrit|inscription|регистрация|se incorporó|desde|iscritto"
    "|تاريخ التسجيل|إنضم|انضم|katılım|lid geworden|dołączył",
    "messages": "messages|posts|beiträge|nachrichten|сообщения|mensajes|messaggi|mesajlar|berichten"
    "|المشاركات|مشاركات|الرسائل",
    "reaction_score": "reaction score|likes|likes received|reaktionspunkte|punkte reaktionen|punkte für reaktionen"
    "|score de réaction"
    "|j'aime|реакции|симпатии|puntuación de reacciones|مستوى التفاعل|التفاعل|الإعجابات|tepkime puanı|waarderingsscore",
    "points": "points|trophy points|punkte|trophäen|баллы|puntos|النقاط|نقاط الجائزة|puanları|punten",
    "other": "solutions|lösungen|решения|soluciones|الحلول|age|alter|âge|возраст|edad|العمر"
    "|media|medien|albums|resources",
}
_ICONS = {
    "joined": "user|calendar|calendar-alt|clock|user-plus|user-clock",
    "messages": "messages|message|comment|comments|comment-alt|comment-dots|envelope",
    "reaction_score": "like|likes|thumbs-up|heart|smile|star-half|reaction",
    "points": "trophy|award|medal|trophies",
    "other": "location|map-marker|map-marker-alt|web|globe|link|birthday-cake|check|check-circle|venus-mars|flag",
}
_BY_LABEL = {label: field for field, labels in _LABELS.items() for label in labels.split("|")}
_BY_ICON = {icon: field for field, icons in _ICONS.items() for icon in icons.split("|")}


def meaning_of(label: str, icon: str) -> str | None:
    """joined, messages, reaction_score, points, other, or None where neither label nor icon is known."""
    return _BY_LABEL.get(label.lower()) or _BY_ICON.get(icon)


_SAID = [
    "said",
    "wrote",
    "hat gesagt.",
    "schrieb",
    "a dit",
    "a écrit",
    "написал(а)",
    "сказал(а)",
    "dijo",
    "escribió",
    "disse",
    "ha scritto",
    "ha detto",
    "zei",
    "napisał(a)",
    "demiş ki",
    "قال",
    "كتب",
]


def quoted_name(title: str) -> str:
    """The name in a quote's title: XenForo 2.0 and 2.1 say who is quoted only as "NAME said:".

    Where the verb is in no known language, what stands before the last word is taken for the name.
    """
    shown = title.rstrip(":： ")
    for said in _SAID:
        if shown.endswith(f" {said}"):
            return shown.removesuffix(said).rstrip()
        if shown.startswith(f"{said} "):
            return shown.removeprefix(said).lstrip()
    return shown.rpartition(" ")[0] or shown
