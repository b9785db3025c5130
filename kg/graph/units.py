"""Chinese units → QUDT units and currencies (https://www.qudt.org/doc/DOC_VOCAB-UNITS.html).

Only terms QUDT has; any other unit, and every count noun (家, 人, 所), stays the string it is.
"""

from __future__ import annotations

from kg.vocab import CUR, UNIT

_CURRENCIES = {
    "元": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "欧元": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "新台币": "TWD",
    "澳门元": "MOP",
    "韩元": "KRW",
    "新加坡元": "SGD",
    "澳元": "AUD",
    "加元": "CAD",
    "瑞士法郎": "CHF",
    "卢布": "RUB",
    "泰铢": "THB",
    "卢比": "INR",
}

_UNITS = {
    # Area. 亩 (1/15 ha) is not in QUDT.
    "平方公里": "KiloM2",
    "平方千米": "KiloM2",
    "平方米": "M2",
    "公顷": "HA",
    # Length. 里 is not in QUDT.
    "公里": "KiloM",
    "千米": "KiloM",
    "米": "M",
    "厘米": "CentiM",
    "毫米": "MilliM",
    "微米": "MicroM",
    "纳米": "NanoM",
    "海里": "MI_N",
    # Volume
    "立方米": "M3",
    "升": "L",
    "毫升": "MilliL",
    # Mass
    "吨": "TONNE",
    "公斤": "KiloGM",
    "千克": "KiloGM",
    "克": "GM",
    "毫克": "MilliGM",
    # Power and energy
    "瓦": "W",
    "千瓦": "KiloW",
    "兆瓦": "MegaW",
    "吉瓦": "GigaW",
    "千瓦时": "KiloW-HR",
    "兆瓦时": "MegaW-HR",
    "焦耳": "J",
    "伏": "V",
    "千伏": "KiloV",
    "千伏安": "KiloV-A",
    # Ratios. A percentage point (个百分点) is a difference, which QUDT's percent is not.
    "%": "PERCENT",
    "\uff05": "PERCENT",
    "百分比": "PERCENT",
    "‰": "PERMILLE",
    # Temperature, time, speed, data
    "℃": "DEG_C",
    "摄氏度": "DEG_C",
    "年": "YR",
    "个月": "MO",
    "周": "WK",
    "天": "DAY",
    "小时": "HR",
    "分钟": "MIN",
    "秒": "SEC",
    "公里/小时": "KiloM-PER-HR",
    "赫兹": "HZ",
    "兆赫": "MegaHZ",
    "吉赫": "GigaHZ",
}

UNITS: dict[str, str] = {
    **{zh: str(CUR[code]) for zh, code in _CURRENCIES.items()},
    **{zh: str(UNIT[code]) for zh, code in _UNITS.items()},
}
"""Unit as text writes it, in its base form → IRI."""


def unit_iri(unit: str) -> str | None:
    """The IRI of a unit, or ``None`` where only its name can be said.

    >>> unit_iri("平方公里"), unit_iri("家")
    ('http://qudt.org/vocab/unit/KiloM2', None)
    """
    return UNITS.get(unit.strip())
