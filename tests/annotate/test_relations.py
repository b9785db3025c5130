"""Who 公司 is, where two companies were named."""

from dataclasses import replace
from typing import Any

from kg.annotate.relations import find_relations
from kg.ontology import Ontology


def test_the_company_is_the_one_that_opened_a_clause(view: Any) -> None:
    seen = view("[甲公司:Company]建厂十年，向[乙公司:Company]供货。去年，[公司:Company]推出[澜芯:Product]。")
    named_last = seen.placed[2]._replace(key="乙公司", is_name=False)
    placed = (*seen.placed[:2], named_last, seen.placed[3])
    found = find_relations(replace(seen, placed=placed), Ontology.load())
    assert {(r.subject, r.property, r.object) for r in found} == {("甲公司", "provides", "澜芯")}
