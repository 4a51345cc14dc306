"""The words between what documents say, in the languages that people read the policy in.

What a document says (names of fields, operators, values) stays as it is written in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """Those of one language; `{}` stands for what is put there."""

    always: str
    never: str
    unknown: str
    all_of: str
    any_of: str
    comma: str
    last: str
    more: str
    negated: str
    related: str
    to: str
    may: str
    may_never: str
    where: str
    everything: str
    all_fields: str
    no_field: str
    shows: str
    masked: str
    masked_by: str
    sets: str
    set_to: str
    semicolon: str
    end: str
    plain: str
    plainly_masked_by: str
    shown_where: str
    withheld_where: str
    unless: str
    new: str
    gone: str
    turned: str
    changed: str
    no_longer: str
    nothing: str
    actions: Mapping[str, str] = field(default_factory=dict)
    """By name, those that have another word than the one they are written with."""


ENGLISH = Words(
    always="always",
    never="never",
    unknown="(unknown)",
    all_of=" and ",
    any_of=" or ",
    comma=", ",
    last=" and ",
    more="{} and {} more",
    negated="not ({})",
    related="{} ({})",
    to="{} to {}",
    may="May {actions} {on}{where}",
    may_never="May never {actions} {on}{where}",
    where=" where {}",
    everything="everything",
    all_fields="all fields",
    no_field="no field",
    shows="{}: {}",
    masked="masked: {}",
    masked_by="{} by {}",
    sets="sets {}",
    set_to="{} to {}",
    semicolon="; ",
    end=".",
    plain="plain",
    plainly_masked_by="masked by {}",
    shown_where="{} where {}",
    withheld_where="withheld where {}",
    unless=", unless {}",
    new="{} is new.",
    gone="{} is gone.",
    turned="{} was {} and is {}",
    changed="{}: {} Before: {}",
    no_longer="{}: no longer: {}",
    nothing="none",
    actions={"read_deleted": "read deleted"},
)
CHINESE = Words(
    always="始终",
    never="从不",
    unknown="（未知）",
    all_of=" 且 ",
    any_of=" 或 ",
    comma="、",
    last=" 和 ",
    more="{} 等（另有 {} 项）",
    negated="非（{}）",
    related="{}（{}）",
    to="{} 至 {}",
    may="可{actions} {on}{where}",
    may_never="不得{actions} {on}{where}",
    where="（条件：{}）",
    everything="所有类型",
    all_fields="所有字段",
    no_field="无字段",
    shows="{}：{}",
    masked="脱敏：{}",
    masked_by="{}（{}）",
    sets="设置 {}",
    set_to="{} 为 {}",
    semicolon="；",
    end="。",
    plain="可见",
    plainly_masked_by="脱敏（{}）",
    shown_where="{}，条件：{}",
    withheld_where="隐藏，条件：{}",
    unless="，除非 {}",
    new="{} 为新增。",
    gone="{} 已移除。",
    turned="{} 由 {} 改为 {}",
    changed="{}：{}此前：{}",
    no_longer="{}：不再：{}",
    nothing="无",
    actions={
        "read": "读取",
        "create": "创建",
        "update": "修改",
        "delete": "删除",
        "merge": "合并",
        "export": "导出",
        "unmask": "解除脱敏",
        "aggregate": "汇总",
        "read_deleted": "读取已删除的",
        "simulate": "模拟查看",
    },
)
_BY_LANGUAGE = {"en": ENGLISH, "zh-CN": CHINESE}


def words_of(language: str) -> Words:
    """Those of a language; English for one that the policy is not put into words in."""
    return _BY_LANGUAGE.get(language, ENGLISH)
