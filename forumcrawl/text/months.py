"""Names of months, as people write them in many languages."""

from __future__ import annotations

from forumcrawl.text.arabic import letters

_GREGORIAN = (
    "jan january januar jänner janvier janv enero ene janeiro gennaio januari styczen ocak янв январь января"
    " يناير جانفي كانون_الثاني كانون_ثاني كانون_ثان ژانویه",
    "feb february februar feber février fevrier févr febrero fevereiro febbraio februari şubat фев февраль февраля"
    " فبراير فيفري شباط فوریه",
    "mar march märz maerz mär mars marzo março maart mart мар март марта مارس آذار اذار",
    "apr april avril avr abril abr aprile nisan апр апрель апреля أبريل ابريل إبريل أفريل افريل نيسان آوریل",
    "may mai mayo maio maggio mei mayıs май мая مايو ماي أيار ايار مه",
    "jun june juni juin junio junho giugno haziran июн июнь июня يونيو جوان يونيه حزيران ژوئن",
    "jul july juli juillet juil julio julho luglio temmuz июл июль июля يوليو جويلية يوليوز يوليه تموز ژوئیه",
    "aug august août aout agosto augustus ağustos авг август августа أغسطس اغسطس أوت غشت آب اوت",
    "sep sept september septembre septiembre setembro settembre eylül сен сентябрь сентября"
    " سبتمبر شتنبر أيلول ايلول سپتامبر",
    "oct okt october oktober octobre octubre outubro ottobre ekim окт октябрь октября"
    " أكتوبر اكتوبر أوكتوبر تشرين_الأول تشرين_أول اکتبر",
    "nov november novembre noviembre novembro kasım ноя ноябрь ноября نوفمبر نونبر تشرين_الثاني تشرين_ثاني"
    " تشرين_ثان نوامبر",
    "dec dez december dezember décembre decembre déc diciembre dic dezembro dicembre aralık дек декабрь декабря"
    " ديسمبر دجنبر دسمبر كانون_الأول كانون_أول دسامبر",
)
_HIJRI = (
    "محرم",
    "صفر",
    "ربيع_الأول ربيع_أول",
    "ربيع_الآخر ربيع_الثاني ربيع_ثاني",
    "جمادى_الأولى جمادى_الأول جماد_الأول جمادى_أول",
    "جمادى_الآخرة جمادى_الآخر جمادى_الثانية جمادى_الثاني جماد_الثاني جماد_الآخر",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو_القعدة ذي_القعدة ذوالقعدة ذو_قعدة",
    "ذو_الحجة ذي_الحجة ذوالحجة ذو_حجة",
)


def _numbered(months: tuple[str, ...]) -> dict[str, int]:
    return {name.replace("_", " "): number for number, names in enumerate(months, 1) for name in names.split()}


MONTH = _numbered(_GREGORIAN)
"""Number of each Gregorian month by its names, lower case."""
MONTH_LETTERS = {letters(name): number for name, number in MONTH.items()}
"""The same by names in matching form."""
HIJRI_MONTH_LETTERS = {letters(name): number for name, number in _numbered(_HIJRI).items()}
"""Number of each Hijri month by its names in matching form."""
