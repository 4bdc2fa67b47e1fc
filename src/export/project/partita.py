"""Calls the functions of the notebook, which a Node program runs under Dagster Pipes."""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple, Optional

import dagster as dg
from upath import UPath

NOTEBOOK = Path(os.environ.get("PARTITA_NOTEBOOK") or Path(__file__).parent / "notebook")
NODE = os.environ.get("PARTITA_NODE", "node")
ABOUT = json.loads((NOTEBOOK / "notebook.json").read_text(encoding="utf-8"))


class Stored(NamedTuple):
    """A value of the notebook as JSON, in which a key "$js" marks what JSON has no word for."""

    json: str

    def parsed(self) -> Any:
        """The value as far as plain JSON goes."""
        return json.loads(self.json)


class NotebookIOManager(dg.UPathIOManager):
    """Keeps each value in a file of JSON, below a folder or any address that fsspec knows."""

    extension = ".json"

    def dump_to_path(self, context: dg.OutputContext, obj: Any, path: UPath) -> None:
        text = obj.json if isinstance(obj, Stored) else json.dumps(obj)
        path.write_text(text, encoding="utf-8")

    def load_from_path(self, context: dg.InputContext, path: UPath) -> Stored:
        return Stored(path.read_text(encoding="utf-8"))


class CellIOManager(dg.IOManager):
    """Stands for an I/O manager of a cell, which writes and reads within the function's program."""

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        pass

    def load_input(self, context: dg.InputContext) -> None:
        return None


@dg.io_manager(config_schema={"base_path": dg.Field(str, is_required=False)})
def io_manager(context: dg.InitResourceContext) -> NotebookIOManager:
    """Keeps values below PARTITA_STORAGE, or in the folder of the instance."""
    given = context.resource_config.get("base_path") or os.environ.get("PARTITA_STORAGE")
    base = given or os.path.join(context.instance.storage_directory(), "notebook")
    return NotebookIOManager(base_path=UPath(base))


@dg.io_manager
def cell_io_manager(context: dg.InitResourceContext) -> CellIOManager:
    return CellIOManager()


def _world(instance: Optional[dg.DagsterInstance], now: float) -> dict:
    world: dict = {"now": round(now * 1000), "dynamicPartitions": []}
    if instance is None:
        return world
    world["dynamicPartitions"] = [
        [name, list(instance.get_dynamic_partitions(name))] for name in ABOUT["dynamicPartitions"]
    ]
    if ABOUT["asksForKeys"]:
        world["materializedPartitions"] = [
            [key, sorted(instance.get_materialized_partitions(dg.AssetKey(path)))]
            for key, path in ABOUT["assetPaths"].items()
        ]
    return world


def _error_text(error: dict) -> str:
    place = f" ({error['place']})" if error.get("place") else ""
    text = f"{error['name']}: {error['message']}{place}"
    cause = error.get("cause")
    return f"{text}\nCaused by {_error_text(cause)}" if cause else text


def _ask(request: dict) -> dict:
    """Asks for what needs no run: what schedules, sensors and configs of keys give."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        subprocess.run([NODE, str(NOTEBOOK / "main.mjs"), str(asked), str(answered)], check=True)
        return json.loads(answered.read_text(encoding="utf-8"))


def _run_step(context: Any, request: dict) -> dict:
    """Runs a step as an external process, its log coming back as it is written."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        dg.PipesSubprocessClient().run(
            context=context.op_execution_context,
            command=[NODE, str(NOTEBOOK / "main.mjs"), str(asked), str(answered)],
        )
        answer = json.loads(answered.read_text(encoding="utf-8"))
    _change_dynamic_partitions(context.instance, answer["changes"])
    if answer["status"] == "success":
        return answer
    retry = answer.get("retry")
    if retry:
        raise dg.RetryRequested(retry["maxRetries"], retry["delaySeconds"] or None)
    raise dg.Failure(description=_error_text(answer["error"]), allow_retries=True)


def _change_dynamic_partitions(instance: dg.DagsterInstance, changes: list) -> None:
    for change in changes:
        name, keys = change["partitionsDefName"], change["partitionKeys"]
        if change["action"] == "add":
            instance.add_dynamic_partitions(name, keys)
        else:
            for key in keys:
                instance.delete_dynamic_partition(name, key)


def _partition_keys(context: Any) -> list:
    if not context.has_partition_key and not context.has_partition_key_range:
        return []
    return list(context.partition_keys) if context.assets_def.partitions_def else []


def _input(context: Any, name: str, parameter: str, value: Any) -> dict:
    given: dict = {"name": name}
    if context is not None and context.assets_def.partitions_def is not None:
        try:
            given["keys"] = list(context.asset_partition_keys_for_input(parameter))
        except Exception:
            pass  # The asset that it reads has no partitions.
    if isinstance(value, Stored):
        return {**given, "kind": "single", "value": value.json}
    if isinstance(value, dict):
        return {**given, "kind": "byKey", "entries": [[k, v.json] for k, v in value.items()]}
    return {**given, "kind": "none"}


def _request(context: Any, inputs: list, more: dict) -> dict:
    run = context.run
    return {
        "kind": "step",
        "runId": run.run_id,
        "runTags": dict(run.tags),
        "retryNumber": context.retry_number,
        "config": context.op_execution_context.op_config,
        "inputs": inputs,
        **_world(context.instance, time.time()),
        **more,
    }


def _metadata_value(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return dg.MetadataValue.null() if entry is None else entry
    kind, value = entry.get("type"), entry.get("value")
    if kind == "md":
        return dg.MetadataValue.md(value)
    if kind == "url":
        return dg.MetadataValue.url(value)
    if kind == "timestamp":
        return dg.MetadataValue.timestamp(value / 1000)
    return dg.MetadataValue.json(value)


def _metadata(entries: Optional[dict]) -> dict:
    return {name: _metadata_value(entry) for name, entry in (entries or {}).items()}


def asset(context: dg.AssetExecutionContext, asset_key: str, inputs: dict) -> Any:
    """Computes an asset; `inputs` has the parameter and the value of each by its name in the notebook."""
    keys = _partition_keys(context)
    given = [
        _input(context, name, parameter, value) for name, (parameter, value) in inputs.items()
    ]
    more = {"assetKey": asset_key, "partitionKeys": keys, "seed": " ".join([asset_key, *keys])}
    answer = _run_step(context, _request(context, given, more))
    metadata = _metadata({**answer.get("metadata", {}), **answer.get("assetMetadata", {})})
    version = answer.get("dataVersion")
    data_version = None if version is None else dg.DataVersion(version)
    if not (answer["handled"] and answer["hasValue"]):
        return dg.MaterializeResult(metadata=metadata, data_version=data_version)
    value = None if answer["value"] is None else Stored(answer["value"])
    return dg.Output(value, metadata=metadata, data_version=data_version)


def op(context: dg.OpExecutionContext, inputs: dict):
    """Computes a step of a job of ops."""
    given = []
    for name, value in inputs.items():
        if isinstance(value, list):
            text = "[" + ", ".join(item.json for item in value) + "]"
            given.append({"name": name, "kind": "single", "value": text})
        else:
            given.append(_input(None, name, name, value))
    step = {"jobName": context.job_name, "stepKey": context.op_handle.name}
    keys = [context.partition_key] if context.has_partition_key else []
    more = {"assetKey": "", "op": step, "partitionKeys": keys, "seed": context.op_handle.name}
    answer = _run_step(context, _request(context, given, more))
    outputs = answer.get("opOutputs")
    if outputs is None:
        outputs = [] if answer.get("noOutput") else [{**answer, "name": "result"}]
    for output in outputs:
        value = None if output["value"] is None else Stored(output["value"])
        yield dg.Output(value, output["name"], metadata=_metadata(output.get("metadata")))


def _raised(answer: dict) -> dict:
    if answer["status"] != "evaluated":
        raise dg.Failure(description=_error_text(answer["error"]))
    return answer


def _given(given: dict) -> dict:
    if given["status"] == "threw":
        raise dg.Failure(description=_error_text(given["error"]))
    return given["value"]


def _partition_config(job_name: str, partition_key: str) -> dict:
    answer = _ask(
        {
            "kind": "partitionedConfig",
            "jobName": job_name,
            "partitionKeys": [partition_key],
            "now": round(time.time() * 1000),
        }
    )
    return _raised(answer)["configs"][0]


def run_config(job_name: str, partition_key: str) -> dict:
    """The run config that the notebook's function gives for a key."""
    return _given(_partition_config(job_name, partition_key)["runConfig"])


def partition_keys(job_name: str, current_time: Any) -> list:
    """The keys that the notebook's function lists for a job at an instant; now, if none is given."""
    at = time.time() if current_time is None else current_time.timestamp()
    answer = _raised(_ask({"kind": "partitionKeys", "jobName": job_name, **_world(None, at)}))
    return answer["partitionKeys"]


def run_tags(job_name: str, partition_key: str) -> dict:
    """The tags that the notebook's function gives for a key; Dagster adds its own."""
    tags = _given(_partition_config(job_name, partition_key)["tags"])
    return {name: value for name, value in tags.items() if not name.startswith("dagster/")}


def _run_request(request: dict) -> dg.RunRequest:
    selection = request["assetSelection"]
    return dg.RunRequest(
        run_key=request["runKey"] or None,
        partition_key=request["partitionKey"] or None,
        run_config=request["runConfig"],
        tags=request["tags"],
        job_name=request["jobName"],
        asset_selection=None
        if selection is None
        else [dg.AssetKey(ABOUT["assetPaths"].get(key, key.split("/"))) for key in selection],
        stale_assets_only=request["staleAssetsOnly"],
    )


def _skip_reason(message: Optional[str]) -> dg.SkipReason:
    return dg.SkipReason(message or "")


def schedule(context: dg.ScheduleEvaluationContext, name: str) -> Any:
    """What a tick of a schedule asks for."""
    at = context.scheduled_execution_time.timestamp()
    request = {"kind": "schedule", "name": name, **_world(context.instance, at)}
    request["seed"] = f"schedule {name} {request['now']}"
    answer = _raised(_ask(request))
    results = [_automation_result(one) for one in answer["evaluation"]["results"]]
    return results[0] if len(results) == 1 else results


def sensor(context: dg.SensorEvaluationContext, name: str) -> Any:
    """What an evaluation of a sensor asks for."""
    last = context.last_tick_completion_time
    now = time.time()
    request = {
        "kind": "sensor",
        "name": name,
        "cursor": context.cursor,
        "lastTickAt": None if last is None else round(last * 1000),
        **_world(context.instance, now),
    }
    request["seed"] = f"sensor {name} {request['now']}"
    answer = _raised(_ask(request))
    _change_dynamic_partitions(context.instance, answer["changes"])
    evaluation = answer["evaluation"]
    if "updatedCursor" in evaluation:
        context.update_cursor(evaluation["updatedCursor"])
    results = [_automation_result(one) for one in evaluation["results"]]
    if any(isinstance(one, dg.SensorResult) for one in results):
        return results[0]
    return results


def _automation_result(result: dict) -> Any:
    kind = result["kind"]
    if kind == "runRequest":
        return _run_request(result["request"])
    if kind == "skipReason":
        return _skip_reason(result["message"])
    if kind == "sensorResult":
        skip = result["skipReason"]
        return dg.SensorResult(
            run_requests=[_run_request(one) for one in result["runRequests"]] or None,
            skip_reason=None if skip is None else _skip_reason(skip["message"]),
            cursor=result["cursor"],
            dynamic_partitions_requests=[
                _dynamic_partitions_request(one) for one in result["dynamicPartitionsRequests"]
            ]
            or None,
        )
    return _skip_reason(None) if kind == "nothing" else result["shown"]


def _dynamic_partitions_request(request: dict) -> Any:
    make = (
        dg.AddDynamicPartitionsRequest
        if request["action"] == "add"
        else dg.DeleteDynamicPartitionsRequest
    )
    return make(request["partitionsDefName"], request["partitionKeys"])
