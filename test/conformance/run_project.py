"""Runs assets and jobs of a project with real Dagster, as a file says, and writes what came of each to another."""

import importlib
import json
import os
import sys
import tempfile
import types

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
import dagster as dg  # noqa: E402
from key_statuses import statuses_of_keys  # noqa: E402
from upath import UPath  # noqa: E402

module, asked_path, answered_path = sys.argv[1:]
asked = json.loads(open(asked_path, encoding="utf-8").read())
defs = importlib.import_module(module).defs
partita = importlib.import_module(module.replace(".definitions", ".partita"))
partita.time = types.SimpleNamespace(time=lambda: asked["now"] / 1000)
repository = defs.get_repository_def()
TOLD = {
    "ASSET_MATERIALIZATION_PLANNED",
    "PIPELINE_START",
    "STEP_START",
    "LOADED_INPUT",
    "STEP_INPUT",
    "STEP_OUTPUT",
    "ASSET_MATERIALIZATION",
    "HANDLED_OUTPUT",
    "STEP_SUCCESS",
    "STEP_FAILURE",
    "STEP_UP_FOR_RETRY",
    "STEP_RESTARTED",
    "STEP_SKIPPED",
    "PIPELINE_SUCCESS",
    "PIPELINE_FAILURE",
}


def event_of(event):
    key = event.asset_key if event.is_step_materialization or event.is_asset_materialization_planned else None
    return [
        event.event_type_value.replace("PIPELINE_", "RUN_"),
        event.step_key,
        key and key.to_user_string(),
        event.partition if key else None,
    ]


def job_of(one):
    if one["job"]:
        return repository.get_job(one["job"])
    return repository.get_implicit_global_asset_job_def()


def value_of(home, one):
    """The stored JSON of an asset; None if there is none."""
    if one["job"]:
        return None
    path = UPath(home).joinpath(*one["assets"][0], *(one["key"].split("|") if one["key"] else []))
    path = path.with_name(path.name + ".json")
    return path.read_text(encoding="utf-8") if path.exists() else None


def ran(instance, home, one):
    try:
        result = job_of(one).execute_in_process(
            instance=instance,
            partition_key=one["key"],
            asset_selection=one["assets"] and [dg.AssetKey(path) for path in one["assets"]],
            raise_on_error=False,
        )
    except dg.DagsterInvalidConfigError:
        return {"status": "refused"}
    logs = (entry.dagster_event for entry in instance.all_logs(result.run_id))
    return {
        "status": "SUCCESS" if result.success else "FAILURE",
        "events": [event_of(event) for event in logs if event and event.event_type_value in TOLD],
        "value": value_of(home, one) if result.success else None,
    }


def statuses(instance, path):
    """The keys of an asset that Dagster calls materialized, and those that it calls failed."""
    node = repository.asset_graph.get(dg.AssetKey(path))
    if node.partitions_def is None:
        return None
    return statuses_of_keys(instance, node)


with tempfile.TemporaryDirectory() as home, dg.DagsterInstance.local_temp(home) as instance:
    values = os.path.join(home, "values")
    os.environ["PARTITA_STORAGE"] = values
    answer = {
        "runs": [ran(instance, values, one) for one in asked["runs"]],
        "statuses": [statuses(instance, path) for path in asked["assets"]],
    }
open(answered_path, "w", encoding="utf-8").write(json.dumps(answer))
