"""What the notebook showed, asked of Dagster. Green means that it was true."""

import itertools
import json
from datetime import datetime, timezone
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._utils.schedules import schedule_execution_time_iterator

from PACKAGE.definitions import defs

PREDICTIONS = json.loads(
    (Path(__file__).parent / "predictions.json").read_text(encoding="utf-8")
)
NOW = datetime.fromtimestamp(PREDICTIONS["now"] / 1000, timezone.utc)


@pytest.fixture(scope="module", autouse=True)
def world():
    """Keys are those of the notebook's instant, and of its dynamic definitions."""
    with dg.DagsterInstance.ephemeral() as instance:
        for name, keys in PREDICTIONS["dynamicPartitions"].items():
            instance.add_dynamic_partitions(name, keys)
        with partition_loading_context(effective_dt=NOW, dynamic_partitions_store=instance):
            yield


def graph():
    return defs.get_repository_def().asset_graph


def partitions_of(path):
    return graph().get(dg.AssetKey(path)).partitions_def


def check_keys(found, predicted):
    found = list(found)
    assert len(found) == predicted["count"]
    if predicted["keys"] is not None:
        assert sorted(found) == sorted(predicted["keys"])
    elif found:
        assert {predicted["first"], predicted["last"]} <= set(found)


def name_of(edge):
    return f"{'/'.join(edge['upstream'])} -> {'/'.join(edge['downstream'])} {edge['key']}"


def mapping_of(edge):
    upstream, downstream = dg.AssetKey(edge["upstream"]), dg.AssetKey(edge["downstream"])
    return graph().get_partition_mapping(downstream, upstream)


def test_definitions_load():
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("one", PREDICTIONS["keys"], ids=lambda one: "/".join(one["asset"]))
def test_keys(one):
    keys = partitions_of(one["asset"]).get_partition_keys()
    check_keys(keys, one["keys"])
    if keys and one["keys"]["keys"] is not None:
        assert list(keys) == one["keys"]["keys"]


@pytest.mark.parametrize("edge", PREDICTIONS["upstream"], ids=name_of)
def test_what_a_key_reads(edge):
    upstream, downstream = partitions_of(edge["upstream"]), partitions_of(edge["downstream"])
    result = mapping_of(
        edge
    ).get_upstream_mapped_partitions_result_for_partitions(
        downstream_partitions_subset=downstream.subset_with_partition_keys([edge["key"]]),
        downstream_partitions_def=downstream,
        upstream_partitions_def=upstream,
    )
    check_keys(result.partitions_subset.get_partition_keys(), edge["mapped"])
    missing = result.required_but_nonexistent_subset.get_partition_keys()
    assert sorted(missing) == sorted(edge["missing"])


@pytest.mark.parametrize("edge", PREDICTIONS["downstream"], ids=name_of)
def test_what_reads_a_key(edge):
    upstream, downstream = partitions_of(edge["upstream"]), partitions_of(edge["downstream"])
    subset = mapping_of(edge).get_downstream_partitions_for_partitions(
        upstream_partitions_subset=upstream.subset_with_partition_keys([edge["key"]]),
        upstream_partitions_def=upstream,
        downstream_partitions_def=downstream,
    )
    check_keys(subset.get_partition_keys(), edge["mapped"])


@pytest.mark.parametrize("one", PREDICTIONS["ticks"], ids=lambda one: one["schedule"])
def test_ticks(one):
    schedule = defs.get_repository_def().get_schedule_def(one["schedule"])
    ticks = schedule_execution_time_iterator(
        PREDICTIONS["now"] / 1000, schedule.cron_schedule, schedule.execution_timezone
    )
    later = (tick for tick in ticks if tick.timestamp() * 1000 > PREDICTIONS["now"])
    found = [round(tick.timestamp() * 1000) for tick in itertools.islice(later, len(one["at"]))]
    assert found == one["at"]
