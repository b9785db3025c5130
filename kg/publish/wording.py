"""How the graph's figures, units and kinds of milestone read in Chinese."""

from __future__ import annotations

from decimal import Decimal

UNITS = {
    "CNY": "元",
    "USD": "美元",
    "HKD": "港元",
    "TWD": "新台币",
    "EUR": "欧元",
    "JPY": "日元",
    "GBP": "英镑",
    "KiloM2": "平方公里",
    "M2": "平方米",
    "HA": "公顷",
    "KiloM": "公里",
    "M": "米",
    "M3": "立方米",
    "TON_Metric": "吨",
    "TONNE": "吨",
    "KiloW-HR": "千瓦时",
    "KiloW": "千瓦",
    "MegaW": "兆瓦",
    "PERCENT": "%",
    "YR": "年",
    "MO": "个月",
    "DAY": "天",
}
"""Local names of QUDT units and currencies (https://qudt.org/vocab/unit/) → as written after a number."""

MILESTONES = {
    "founded": "成立",
    "signed": "签约",
    "started": "开工",
    "toppedOut": "封顶",
    "completed": "建成",
    "opened": "开业开园",
    "inProduction": "投产",
    "listed": "上市",
    "approved": "获批",
    "held": "举办",
    "acquired": "收购",
    "awarded": "获评",
    "published": "发布",
}

_BOUNDS = {">": ("超", ""), ">=": ("", "以上"), "<": ("不足", ""), "<=": ("", "以内"), "~": ("约", "")}
_SCALES = ((Decimal(10**12), "万亿"), (Decimal(10**8), "亿"), (Decimal(10**4), "万"))


def amount(value: float, unit: str = "", comparator: str = "=", value_max: float | None = None) -> str:
    """A figure as a newspaper writes it; ``unit`` is a local name of :data:`UNITS` or a count noun.

    >>> amount(48_000_000_000, "CNY"), amount(3.55, "KiloM2"), amount(12000, "人", ">")
    ('480亿元', '3.55平方公里', '超1.2万人')
    >>> amount(20, "PERCENT", value_max=30)
    '20%—30%'
    """
    before, after = _BOUNDS.get(comparator, ("", ""))
    suffix = UNITS.get(unit, unit)
    low = _number(value) + suffix
    return f"{before}{low}{f'—{_number(value_max)}{suffix}' if value_max is not None else ''}{after}"


def day(date: str | None) -> str:
    """A date of an article, a month or a year as Chinese writes it.

    >>> day("2022-06-22"), day("2022-06"), day("2022"), day(None)
    ('2022年6月22日', '2022年6月', '2022年', '时间未详')
    """
    if not date:
        return "时间未详"
    parts = zip(date.split("-"), "年月日", strict=False)
    return "".join(f"{part.lstrip('0') or part}{name}" for part, name in parts)


def _number(value: float) -> str:
    exact = Decimal(str(value))
    for scale, name in _SCALES:
        # A figure that would need many digits behind the point is clearer written out.
        scaled = (exact / scale).normalize()
        if abs(exact) >= scale and -int(scaled.as_tuple().exponent) <= 4:
            return f"{scaled:f}{name}"
    return f"{exact.normalize():f}"
