"""Words to make names, titles and sentences of, in five languages."""

from __future__ import annotations

WORDS: dict[str, list[str]] = {
    "en": "harbour radar convoy engine signal frigate summer bridge valley report crew mission border export turbine "
    "carrier winter garden market summit treaty pilot runway camera budget village archive sensor railway orbit "
    "quickly slowly again never often between against without under beyond before while because although however "
    "announced delivered tested confirmed denied repaired bought carried followed".split(),
    "de": "Hafen Brücke Straße Motor Winter Übung Gelände Werkstatt Flügel Gebäude Küste Grenze Vertrag Schiff Bahn "
    "Garten Markt Haushalt Lager Nachricht Größe Prüfung Abend Fähre Gemeinde Rathaus schnell langsam wieder niemals "
    "zwischen gegen ohne unter während obwohl jedoch gemeldet geliefert geprüft bestätigt repariert gekauft".split(),
    "fr": "port pont route moteur hiver exercice terrain atelier aile bâtiment côte frontière traité navire jardin "
    "marché budget dépôt message contrôle soirée mairie forêt été école vite lentement encore jamais entre contre "
    "sans sous pendant cependant annoncé livré testé confirmé réparé acheté élève naïf cœur".split(),
    "ru": "порт мост дорога двигатель зима учение завод крыло здание берег граница договор корабль сад рынок бюджет "
    "склад сообщение проверка вечер деревня архив поезд лето школа быстро медленно снова никогда между против без "
    "под пока однако сообщил доставил проверил подтвердил починил купил ещё объём".split(),
    "ar": "الميناء الجسر الطريق المحرك الشتاء المناورة المصنع الجناح المبنى الساحل الحدود الاتفاق السفينة الحديقة "
    "السوق الميزانية المخزن الرسالة الفحص المساء القرية الأرشيف القطار الصيف المدرسة بسرعة مجددا أبدا بين ضد بدون "
    "تحت أثناء لكن أعلن سلّم اختبر أكد أصلح اشترى الوزارة الدفاع الطائرة الرادار مُحَرِّك العــراق می‌رود".split(),
}
"""Arabic holds diacritics, tatweel and a word with a zero-width non-joiner."""

NAMES: dict[str, list[str]] = {
    "en": [
        "Falcon",
        "Old Salt",
        "K & R",
        "Night<Owl>",
        "rust_y",
        "Dr. Bolt",
        "zébu",
        "~Sp!der~",
        "O'Neill",
        "L@St ViRu$",
        "Marten",
        "Copper Fox",
    ],
    "de": ["Kapitän", "Jäger", "Müller & Sohn", "Eule", "Grüner Fuchs", "Straßenbahner", "Rabe", "Dr. Schraube"],
    "fr": ["Hélène", "Le Corbeau", "Capitaine", "D'Artagnan", "Renard & Cie", "Forêt", "Abeille", "Pêcheur"],
    "ru": ["Сокол", "Капитан", "Лис & Ко", "Ёжик", "Ворон", "Мастер", "Рыбак", "Полярник"],
    "ar": ["أبو خالد", "صقر الصحراء", "ابن الجزيرة", "المحلل", "نسر & ذئب", "فارس", "محمد علي", "خبير"],
}
"""Names hold what must be escaped, spaces, and letters beyond ASCII."""

TITLES: dict[str, list[str]] = {
    "en": ["New member", "Member", "Well-known member", "Staff & friends"],
    "de": ["Neues Mitglied", "Mitglied", "Bekanntes Mitglied"],
    "fr": ["Nouveau membre", "Membre", "Membre connu"],
    "ru": ["Новичок", "Участник", "Известный участник"],
    "ar": ["عضو جديد", "عضو", "عضو مميز"],
}
BANNERS = ["Staff member", "Moderator", "إدارة", "Supporter"]
COUNTRIES = ["Egypt", "Österreich", "Côte d'Ivoire", "مصر", "Россия", "Trinidad & Tobago"]
TAGS = ["radar", "سوريا", "air defence", "новости", "größe", "c++"]
PREFIXES: dict[str, list[str]] = {
    "en": ["News", "Official", "Q&A", "Guide"],
    "de": ["Neuigkeit", "Offiziell", "Anleitung"],
    "fr": ["Actualité", "Officiel", "Guide"],
    "ru": ["Новость", "Важно", "Обзор"],
    "ar": ["مقالة", "خبر", "رسمي"],
}
BOARD_TITLES: dict[str, list[str]] = {
    "en": [
        "Newsroom",
        "World news",
        "Regional news",
        "Partner site",
        "House rules",
        "Workshop",
        "Engines & turbines",
        "Small engines",
        "Field reports",
        "Questions",
        "Articles",
        "Staff",
        "Staff room",
        "Members only",
        "Portal",
        "Two-stroke <engines>",
        "Everything else",
    ],
    "de": [
        "Redaktion",
        "Weltnachrichten",
        "Region",
        "Partnerseite",
        "Regeln",
        "Werkstatt",
        "Motoren & Turbinen",
        "Kleine Motoren",
        "Berichte",
        "Fragen",
        "Artikel",
        "Team",
        "Teamraum",
        "Nur für Mitglieder",
        "Portal",
        "Zweitakter",
        "Übriges",
    ],
    "fr": [
        "Rédaction",
        "Monde",
        "Région",
        "Site partenaire",
        "Règles",
        "Atelier",
        "Moteurs & turbines",
        "Petits moteurs",
        "Rapports",
        "Questions",
        "Articles",
        "Équipe",
        "Salle de l'équipe",
        "Membres seulement",
        "Portail",
        "Deux temps",
        "Autres",
    ],
    "ru": [
        "Редакция",
        "Мир",
        "Регион",
        "Партнёры",
        "Правила",
        "Мастерская",
        "Двигатели & турбины",
        "Малые двигатели",
        "Отчёты",
        "Вопросы",
        "Статьи",
        "Команда",
        "Комната команды",
        "Только для своих",
        "Портал",
        "Двухтактные",
        "Прочее",
    ],
    "ar": [
        "الأخبار",
        "أخبار العالم",
        "أخبار المنطقة",
        "موقع شريك",
        "القوانين",
        "الورشة",
        "المحركات & التوربينات",
        "المحركات الصغيرة",
        "تقارير ميدانية",
        "الأسئلة",
        "المقالات",
        "الإدارة",
        "غرفة الإدارة",
        "للأعضاء فقط",
        "البوابة",
        "ثنائي الأشواط",
        "متفرقات",
    ],
}
EMOJI = ["🚀", "🛠️", "👍🏽", "🇸🇾", "✈"]
