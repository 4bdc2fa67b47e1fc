"""The world in which the tests ask: the notebook's instant, its dynamic keys, and a copy of its files."""

import os
import shutil
import types

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.test_utils import freeze_time

from PACKAGE import partita
from predicted import NOW, PREDICTIONS


@pytest.fixture
def instance(tmp_path):
    """Has the dynamic keys of the notebook, and a history of nothing but what was materialized in it."""
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as ephemeral:
        fill(ephemeral)
        yield ephemeral


def fill(instance):
    for name, keys in PREDICTIONS["dynamicPartitions"].items():
        if keys:
            instance.add_dynamic_partitions(name, keys)
    for one in PREDICTIONS["materialized"]:
        for key in one["keys"]:
            event = dg.AssetMaterialization(dg.AssetKey(one["asset"]), partition=key)
            instance.report_runless_asset_event(event)


@pytest.fixture(autouse=True)
def world(instance, tmp_path, monkeypatch):
    files = partita.NOTEBOOK / "files"
    copy = tmp_path / "files"
    if files.exists():
        shutil.copytree(files, copy)
    monkeypatch.setenv("PARTITA_FILES", os.environ.get("PARTITA_FILES") or str(copy))
    monkeypatch.setenv("PARTITA_STORAGE", str(tmp_path / "values"))
    monkeypatch.setattr(partita, "time", types.SimpleNamespace(time=NOW.timestamp))
    with freeze_time(NOW), partition_loading_context(NOW, instance):
        yield
