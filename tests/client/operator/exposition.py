# SPDX-License-Identifier: Apache-2.0
"""Prometheus' text format 0.0.4, read to the letter: what it does not allow raises ValueError, and so does what
`promtool check metrics` complains of."""

import math
import re
from typing import NamedTuple

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (\S+)")
HEAD = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)")
TYPES = {"counter", "gauge", "histogram"}
UNESCAPED = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


class Sample(NamedTuple):
    name: str
    labels: tuple  # of pairs, sorted
    value: float


class Family:
    def __init__(self, name, help_text):
        self.name = name
        self.help = help_text
        self.type = None
        self.samples = []

    def takes(self, name):
        ends = ("_bucket", "_sum", "_count") if self.type == "histogram" else ("",)
        return name in {self.name + end for end in ends}

    def value(self, end="", **labels):
        """Of the one sample with exactly these labels; None where it is not."""
        wanted = (self.name + end, tuple(sorted(labels.items())))
        found = [sample.value for sample in self.samples if sample[:2] == wanted]
        return found[0] if found else None


def _read_value(text):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text)
    if not re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text):
        raise ValueError(f"no number: {text}")
    return float(text)


def _read_sample(line):
    match = SAMPLE.fullmatch(line)
    if not match:
        raise ValueError(f"no sample: {line}")
    pairs = re.findall(LABEL, match[2] or "")
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError(f"a label twice: {line}")
    labels = tuple(sorted((name, re.sub(r"\\.", lambda escape: UNESCAPED[escape[0]], value)) for name, value in pairs))
    return Sample(match[1], labels, _read_value(line.rpartition(" ")[2]))


def _begin(families, kind, name, text):
    if kind == "HELP":
        if name in families:
            raise ValueError(f"{name} begins twice")
        families[name] = Family(name, text)
        return families[name]
    family = families.get(name)
    if not family or family.type or family.samples or text not in TYPES:
        raise ValueError(f"TYPE {name} {text} stands in a wrong place")
    family.type = text
    return family


def parse(text):
    """Name -> Family."""
    families, family = {}, None
    if not text.endswith("\n"):
        raise ValueError("the last line has no end")
    for line in text[:-1].split("\n"):
        if match := HEAD.fullmatch(line):
            family = _begin(families, *match.groups())
            continue
        sample = _read_sample(line)
        if not family or not family.type or not family.takes(sample.name):
            raise ValueError(f"{sample.name} is outside of its family")
        family.samples.append(sample)
    for family in families.values():
        _check(family)
    return families


def _check(family):
    keys = [sample[:2] for sample in family.samples]
    if not family.type or len(set(keys)) != len(keys):
        raise ValueError(f"{family.name} has no type, or a sample twice")
    if (family.type == "counter") != family.name.endswith("_total"):
        raise ValueError(f"{family.name}: a counter, and nothing else, ends with _total")
    if family.type != "gauge" and any(not sample.value >= 0 for sample in family.samples):
        raise ValueError(f"{family.name} counts below zero")
    if family.type == "histogram":
        _check_histogram(family)


def _check_histogram(family):
    series = {}
    for sample in family.samples:
        rest = tuple(pair for pair in sample.labels if pair[0] != "le")
        series.setdefault(rest, []).append(sample)
    for labels, samples in series.items():
        buckets = [(float(dict(sample.labels)["le"]), sample.value) for sample in samples
                   if sample.name.endswith("_bucket")]
        counts = [count for _, count in buckets]
        if buckets != sorted(buckets) or counts != sorted(counts) or not buckets or buckets[-1][0] != math.inf:
            raise ValueError(f"{family.name}{labels}: the buckets do not ascend to +Inf")
        if family.value("_count", **dict(labels)) != counts[-1] or family.value("_sum", **dict(labels)) is None:
            raise ValueError(f"{family.name}{labels}: _count or _sum is not right")
