# SPDX-License-Identifier: Apache-2.0
"""The reader of metrics refuses what it should: one that takes everything shows nothing."""

import pytest

import exposition

HEAD = "# HELP a_total Help.\n# TYPE a_total counter\n"
GAUGE = "# HELP g Help.\n# TYPE g gauge\n"
BUCKETS = ('# HELP h Help.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\n', "h_sum 3.5\n",
           "h_count 2\n")

GOOD = [HEAD, HEAD + "a_total 1\n", HEAD + 'a_total{x="1",y=""} 1\na_total{x="2",y="\\\\\\"\\n"} 2.5\n',
        GAUGE + "g -1\n", GAUGE + "g 1e+09\n", "".join(BUCKETS), HEAD + GAUGE + "g NaN\n"]

BAD = {
    "no end": HEAD + "a_total 1",
    "no head": "a_total 1\n",
    "no type": "# HELP a_total Help.\na_total 1\n",
    "unknown type": "# HELP a_total Help.\n# TYPE a_total number\n",
    "type first": "# TYPE a_total counter\n# HELP a_total Help.\n",
    "head twice": HEAD + HEAD,
    "empty line": HEAD + "\na_total 1\n",
    "no value": HEAD + "a_total\n",
    "no number": HEAD + "a_total one\n",
    "two spaces": HEAD + "a_total  1\n",
    "sample twice": HEAD + 'a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 2\n',
    "label twice": HEAD + 'a_total{x="1",x="2"} 1\n',
    "open quote": HEAD + 'a_total{x="1} 1\n',
    "bad escape": HEAD + 'a_total{x="\\t"} 1\n',
    "comma at the end": HEAD + 'a_total{x="1",} 1\n',
    "bad label": HEAD + 'a_total{1x="1"} 1\n',
    "of another family": HEAD + "b_total 1\n",
    "apart from its family": HEAD + GAUGE + "a_total 1\n",
    "counter without its end": "# HELP a Help.\n# TYPE a counter\n",
    "gauge with the end of a counter": "# HELP a_total Help.\n# TYPE a_total gauge\n",
    "counter below zero": HEAD + "a_total -1\n",
    "counter that is no number": HEAD + "a_total NaN\n",
    "no +Inf": "".join(BUCKETS).replace("+Inf", "2"),
    "buckets that fall": "".join(BUCKETS).replace('le="1"} 1', 'le="1"} 3'),
    "bounds that fall": "".join(BUCKETS).replace('le="1"', 'le="+Inf"').replace('le="+Inf"} 2', 'le="1"} 2'),
    "no sum": BUCKETS[0] + BUCKETS[2],
    "no count": BUCKETS[0] + BUCKETS[1],
    "another count": "".join(BUCKETS).replace("h_count 2", "h_count 3"),
}


@pytest.mark.parametrize("text", GOOD)
def test_taken(text):
    assert exposition.parse(text)


@pytest.mark.parametrize("what", BAD)
def test_refused(what):
    with pytest.raises(ValueError):
        exposition.parse(BAD[what])


def test_values():
    families = exposition.parse(HEAD + 'a_total{x="\\\\\\"\\n"} 2.5\n' + "".join(BUCKETS))
    assert families["a_total"].value(x='\\"\n') == 2.5
    assert families["a_total"].value() is None
    assert families["h"].value("_bucket", le="1") == 1
    assert families["h"].value("_sum") == 3.5
