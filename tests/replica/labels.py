"""What a forum's interface says in five languages, and how it writes numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property

LANGUAGES = ("en", "de", "fr", "ru", "ar")

_LABELS: dict[str, tuple[str, str, str, str, str]] = {
    "messages": ("Messages", "Beiträge", "Messages", "Сообщения", "المشاركات"),
    "score": ("Reaction score", "Punkte Reaktionen", "Score de réaction", "Реакции", "مستوى التفاعل"),
    "points": ("Points", "Trophäen", "Points", "Баллы", "النقاط"),
    "joined": ("Joined", "Mitglied seit", "Inscrit", "Регистрация", "إنضم"),
    "last_seen": ("Last seen", "Zuletzt hier", "Dernière visite", "Активность", "آخر نشاط"),
    "country": ("Country", "Land", "Pays", "Страна", "الدولة"),
    "guest": ("Guest", "Gast", "Invité", "Гость", "زائر"),
    "said": ("said:", "hat gesagt.:", "a dit :", "сказал(а):", "قال:"),
    "and": ("and", "und", "et", "и", "و"),
    "others": ("{} others", "{} andere", "{} autres", "ещё {}", "{} آخرين"),
    "other": ("1 other person", "1 weitere Person", "1 autre personne", "ещё 1 человек", "1 شخص آخر"),
    "reactions": ("Reactions:", "Reaktionen:", "Réactions :", "Реакции:", "التفاعلات:"),
    "replies": ("Replies", "Antworten", "Réponses", "Ответы", "الردود"),
    "views": ("Views", "Aufrufe", "Affichages", "Просмотры", "المشاهدات"),
    "threads": ("Threads", "Themen", "Discussions", "Темы", "المواضيع"),
    "edited": ("Last edited:", "Zuletzt bearbeitet:", "Dernière édition :", "Последнее редактирование:", "آخر تعديل:"),
    "next": ("Next", "Weiter", "Suivant", "Вперёд", "التالي"),
    "prev": ("Prev", "Zurück", "Préc.", "Назад", "السابق"),
    "last": ("Last", "Letzte", "Dernière", "Последняя", "الأخيرة"),
    "go_to_page": ("Go to page", "Gehe zu Seite", "Aller à la page", "Перейти к странице", "الذهاب إلى الصفحة"),
    "page_of": ("{} of {}", "{} von {}", "{} sur {}", "{} из {}", "{} من {}"),
    "log_in": ("Log in", "Anmelden", "Connexion", "Вход", "تسجيل الدخول"),
    "register": ("Register", "Registrieren", "S'inscrire", "Регистрация", "التسجيل"),
    "whats_new": ("What's new", "Aktuelles", "Quoi de neuf", "Что нового", "ما الجديد"),
    "forums": ("Forums", "Foren", "Forums", "Форумы", "المنتديات"),
    "members": ("Members", "Mitglieder", "Membres", "Пользователи", "الأعضاء"),
    "search": ("Search", "Suche", "Rechercher", "Поиск", "بحث"),
    "locked": (
        "Not open for further replies.",
        "Für weitere Antworten geschlossen.",
        "Discussion fermée.",
        "В этой теме нельзя размещать новые ответы.",
        "مغلق للردود.",
    ),
    "sticky": ("Sticky", "Angepinnt", "Épinglé", "Закреплено", "مثبت"),
    "poll": ("Poll", "Umfrage", "Sondage", "Опрос", "استطلاع"),
    "votes": ("Votes:", "Stimmen:", "Votes :", "Голоса:", "الأصوات:"),
    "voters": (
        "Total voters",
        "Abstimmungen insgesamt",
        "Nombre total d'électeurs",
        "Всего проголосовало",
        "مجموع المصوتين",
    ),
    "attachments": ("Attachments", "Anhänge", "Pièces jointes", "Вложения", "المرفقات"),
    "spoiler": ("Spoiler", "Spoiler", "Spoiler", "Спойлер", "إخفاء"),
    "code": ("Code:", "Code:", "Code :", "Код:", "كود:"),
    "expand": (
        "Click to expand...",
        "Zum Vergrößern anklicken....",
        "Cliquez pour agrandir...",
        "Нажмите, чтобы раскрыть...",
        "انقر للتوسيع...",
    ),
    "similar": ("Similar threads", "Ähnliche Themen", "Sujets similaires", "Похожие темы", "مواضيع مماثلة"),
    "must_log_in": (
        "You must be logged-in to do that.",
        "Du musst angemeldet sein.",
        "Vous devez être connecté.",
        "Вы должны войти, чтобы сделать это.",
        "يجب عليك تسجيل الدخول.",
    ),
    "forbidden": (
        "You do not have permission to view this page.",
        "Du hast keine Berechtigung.",
        "Vous n'avez pas la permission.",
        "У вас нет прав для просмотра.",
        "ليس لديك الصلاحية.",
    ),
    "not_found": (
        "The requested page could not be found.",
        "Die Seite konnte nicht gefunden werden.",
        "La page est introuvable.",
        "Страница не найдена.",
        "الصفحة غير موجودة.",
    ),
    "oops": ("Oops! We ran into some problems.", "Hoppla!", "Oups !", "Упс!", "عفوا! واجهتنا بعض المشاكل."),
    "no_js": (
        "JavaScript is disabled.",
        "JavaScript ist deaktiviert.",
        "JavaScript est désactivé.",
        "JavaScript отключён.",
        "الجافا سكربت معطل.",
    ),
    "started": ("Thread starter", "Ersteller", "Auteur", "Автор темы", "بادئ الموضوع"),
    "start_date": ("Start date", "Beginndatum", "Date de début", "Дата начала", "تاريخ البدء"),
    "tags": ("Tags", "Schlagworte", "Mots-clés", "Метки", "الوسوم"),
    "solution": ("Solution", "Lösung", "Solution", "Решение", "الحل"),
    "question": ("Question", "Frage", "Question", "Вопрос", "سؤال"),
    "article": ("Article", "Artikel", "Article", "Статья", "مقالة"),
    "share": ("Share", "Teilen", "Partager", "Поделиться", "شارك"),
    "empty": ("There are no threads in this forum.", "Keine Themen.", "Aucune discussion.", "Тем нет.", "لا مواضيع."),
    "moved": ("N/A", "k.A.", "N/A", "Н/Д", "غير متوفر"),
    "sub_forums": ("Sub-forums", "Unterforen", "Sous-forums", "Подразделы", "الأقسام الفرعية"),
    "signup": (
        "Register today!",
        "Registriere dich!",
        "Inscrivez-vous !",
        "Регистрируйтесь!",
        "سجل حسابًا مجانيًا اليوم!",
    ),
}

_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre Novembre Décembre",
    "ru": "Янв Фев Мар Апр Май Июн Июл Авг Сен Окт Ноя Дек",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_DATES = {"en": "{m} {d}, {y}", "de": "{d}. {m} {y}", "fr": "{d} {m} {y}", "ru": "{d} {m} {y}", "ar": "{d} {m} {y}"}
_LOCALES = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "ru": "ru-RU", "ar": "ar"}
_THOUSANDS = {"en": ",", "de": ".", "fr": "\u202f", "ru": "\u00a0", "ar": ","}
_OFFSETS = {"en": -5, "de": 1, "fr": 1, "ru": 3, "ar": 3}


@dataclass(frozen=True)
class Language:
    """One language of the interface."""

    code: str

    @property
    def locale(self) -> str:
        """The `lang` attribute of a page."""
        return _LOCALES[self.code]

    @property
    def direction(self) -> str:
        """The `dir` attribute of a page."""
        return "RTL" if self.code == "ar" else "LTR"

    @cached_property
    def zone(self) -> timezone:
        """The forum's time zone: without summer time, one offset for all."""
        return timezone(timedelta(hours=_OFFSETS[self.code]))

    @cached_property
    def words(self) -> dict[str, str]:
        """Label key to label."""
        return {key: row[LANGUAGES.index(self.code)] for key, row in _LABELS.items()}

    @cached_property
    def months(self) -> list[str]:
        """Month names as dates show them."""
        return _MONTHS[self.code].split()

    def number(self, value: int) -> str:
        """A whole number with the language's thousands separator."""
        return f"{value:,}".replace(",", _THOUSANDS[self.code])

    def day(self, moment: datetime) -> str:
        """A day as written beside posts and on cards; `moment` is in the forum's zone."""
        return _DATES[self.code].format(m=self.months[moment.month - 1], d=moment.day, y=moment.year)


def shortened(value: int) -> str:
    """A count as list rows show it from XenForo 2.1: 973, 4K, 34.2K, 2M."""
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if value >= size:
            return f"{value * 10 // size / 10:g}{letter}"
    return str(value)


def rounded(value: int) -> int:
    """The number that `shortened(value)` still tells."""
    for size in (1_000_000, 1_000):
        if value >= size:
            return value * 10 // size * size // 10
    return value
