"""Answers questions in the form of test/vectors: a list of cases a line in, the same with answers a line out."""

import hashlib
import json
import logging
import re
import signal
import sys
import warnings
from datetime import datetime, timezone

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import dagster as dg  # noqa: E402
from dagster._core.definitions.partitions.context import partition_loading_context  # noqa: E402
from dagster._core.definitions.partitions.subset import AllPartitionsSubset  # noqa: E402
from dagster._core.definitions.partitions.utils.mapping import infer_partition_mapping  # noqa: E402

MOST_KEYS = 3000
# Where summer is the standard time: Dagster adds no hour in the night in which clocks go forward.
WINTER_ZONES = {"Africa/Casablanca", "Africa/El_Aaiun", "Europe/Dublin"}
CLASSES = {
    "hourly": dg.HourlyPartitionsDefinition,
    "daily": dg.DailyPartitionsDefinition,
    "weekly": dg.WeeklyPartitionsDefinition,
    "monthly": dg.MonthlyPartitionsDefinition,
}
OPTIONS = {
    "timezone": "timezone",
    "fmt": "fmt",
    "endOffset": "end_offset",
    "minuteOffset": "minute_offset",
    "hourOffset": "hour_offset",
    "dayOffset": "day_offset",
}


# Of processor time, for one question: some definitions keep Dagster searching for ever.
MOST_SECONDS = 3


class TooLarge(Exception):
    pass


def give_up(*_):
    raise TooLarge()


signal.signal(signal.SIGPROF, give_up)


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def iso(at):
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def bound(written):
    return datetime.fromisoformat(written["datetime"]) if isinstance(written, dict) else written


def definition_of(written):
    if written is None:
        return None
    kind = written["kind"]
    if kind == "static":
        return dg.StaticPartitionsDefinition(written["keys"])
    if kind == "dynamic":
        return dg.DynamicPartitionsDefinition(name=written["name"])
    if kind == "multi":
        dimensions = {name: definition_of(one) for name, one in written["dimensions"].items()}
        return dg.MultiPartitionsDefinition(dimensions)
    given = {theirs: written[ours] for ours, theirs in OPTIONS.items() if ours in written}
    if "exclusions" in written:
        given["exclusions"] = [
            datetime.fromisoformat(one) if re.match(r"^\d{4}-", one) else one
            for one in written["exclusions"]
        ]
    ends = {"start": "start", "end": "end"}
    if kind != "timeWindow":
        ends = {"start": "start_date", "end": "end_date"}
    for ours, theirs in ends.items():
        if ours in written:
            given[theirs] = bound(written[ours])
    if kind == "timeWindow":
        return dg.TimeWindowPartitionsDefinition(cron_schedule=written["cron"], **given)
    return CLASSES[kind](**given)


def mapping_of(written):
    kind = written["kind"]
    if kind == "specific":
        return dg.SpecificPartitionsPartitionMapping(written["keys"])
    if kind == "static":
        return dg.StaticPartitionMapping(written["downstreamByUpstream"])
    if kind == "timeWindow":
        return dg.TimeWindowPartitionMapping(
            start_offset=written.get("startOffset", 0),
            end_offset=written.get("endOffset", 0),
            allow_nonexistent_upstream_partitions=written.get(
                "allowNonexistentUpstreamPartitions", False
            ),
        )
    if kind == "multiToSingle":
        return dg.MultiToSingleDimensionPartitionMapping(written.get("dimension"))
    if kind == "multi":
        return dg.MultiPartitionMapping(
            {
                name: dg.DimensionPartitionMapping(one["dimension"], mapping_of(one["mapping"]))
                for name, one in written["dimensions"].items()
            }
        )
    return {
        "identity": dg.IdentityPartitionMapping,
        "all": dg.AllPartitionMapping,
        "last": dg.LastPartitionMapping,
    }[kind]()


def written_mapping(mapping):
    if isinstance(mapping, dg.TimeWindowPartitionMapping):
        return {
            "kind": "timeWindow",
            "startOffset": mapping.start_offset,
            "endOffset": mapping.end_offset,
            "allowNonexistentUpstreamPartitions": mapping.allow_nonexistent_upstream_partitions,
        }
    kinds = {
        dg.IdentityPartitionMapping: "identity",
        dg.AllPartitionMapping: "all",
        dg.MultiToSingleDimensionPartitionMapping: "multiToSingle",
    }
    return {"kind": kinds[type(mapping)]}


def pack(keys):
    keys = [str(key) for key in keys]
    if len(keys) <= 60:
        return {"count": len(keys), "keys": keys}
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()
    return {"count": len(keys), "head": keys[:5], "tail": keys[-5:], "sha256": digest}


def answer_of(act):
    try:
        return act()
    except TooLarge:
        raise
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)[:300]}


def window(found):
    return {"start": iso(found.start), "end": iso(found.end)}


def quirk_of(definition, now):
    """What makes the answers of a definition follow no rule at an instant; None if nothing does."""
    if isinstance(definition, dg.MultiPartitionsDefinition):
        found = (quirk_of(one.partitions_def, now) for one in definition.partitions_defs)
        return next((quirk for quirk in found if quirk), None)
    if not isinstance(definition, dg.TimeWindowPartitionsDefinition):
        return None
    if " 29 2 " in definition.cron_schedule:
        return "windows that begin on 29 February"
    if definition.timezone == "Pacific/Chatham":
        return "the zone Pacific/Chatham"
    if definition.timezone == "Australia/Lord_Howe" and definition.cron_schedule.split()[1] == "*":
        return "hours in Australia/Lord_Howe, which depend on the machine's date (CRON-8q)"
    if definition.timezone in WINTER_ZONES and re.search(r"\b[1-3]\b", definition.cron_schedule.split()[1]):
        return "nights in a zone whose winter time is the exception (CRON-8q)"
    shown = now.astimezone(definition.start.tzinfo)
    if shown.fold == 1 and not 1 <= shown.hour <= 3:
        return "the second copy of a repeated hour, outside of 01:00 to 03:59 (CRON-8q)"
    if definition.end is not None:
        first = next(iter(definition._iterate_time_windows(definition.start.timestamp())), None)
        if first and definition.start < definition.end and first.end > definition.end:
            return "an end within the first window"
    return None


def all_keys(definition):
    keys = [str(key) for key in definition.get_partition_keys()]
    if len(keys) > MOST_KEYS:
        raise TooLarge()
    return keys


def answer_keys(case):
    definition = definition_of(case["definition"])
    keys = all_keys(definition)
    case["expect"] = pack(keys)
    case["first"] = definition.get_first_partition_key()
    case["last"] = definition.get_last_partition_key()
    case["numPartitions"] = definition.get_num_partitions()
    # Dagster contradicts itself.
    if case["numPartitions"] != len(keys):
        case["numPartitionsAccident"] = True

    def valid():
        definition.validate_partition_definition()
        return "ok"

    case["validate"] = answer_of(valid)
    for one in case["windows"]:
        one["expect"] = answer_of(
            lambda: window(definition.time_window_for_partition_key(one["key"]))
        )
    for one in case["nextKey"]:
        one["expect"] = answer_of(lambda: definition.get_next_partition_key(one["key"]))
    for one in case["has"]:
        one["expect"] = answer_of(lambda: definition.has_partition_key(one["key"]))
        if one["expect"] != (one["key"] in keys):
            one["accident"] = True
    for one in case["ranges"]:
        key_range = dg.PartitionKeyRange(one["start"], one["end"])
        one["expect"] = answer_of(lambda: pack(definition.get_partition_keys_in_range(key_range)))


def subset_of(definition, keys, context):
    if keys == "all":
        return AllPartitionsSubset(definition, context)
    return definition.subset_with_partition_keys(keys)


def written_subset(subset, definition, order):
    keys = [str(key) for key in subset.get_partition_keys()]
    in_time = isinstance(definition, dg.TimeWindowPartitionsDefinition)
    if not in_time:
        place = {key: at for at, key in enumerate(order)}
        keys.sort(key=lambda key: (0, place[key], "") if key in place else (1, 0, key))
    answer = pack(keys)
    if in_time and hasattr(subset, "included_time_windows"):
        answer["windows"] = [window(one) for one in subset.included_time_windows]
    return answer


def answer_subset(case, context):
    definition = definition_of(case["definition"])
    order = all_keys(definition)
    op = case["op"]

    def operate():
        left = subset_of(definition, case["a"], context)
        if op == "complement":
            missing = left.get_partition_keys_not_in_subset(definition)
            return pack(missing)
        if op in ("union", "intersect", "difference"):
            right = subset_of(definition, case["b"], context)
            left = left | right if op == "union" else left & right if op == "intersect" else left - right
        if op == "addKeys":
            left = left.with_partition_keys(case["keys"])
        counted = {"length": len(left), "isEmpty": left.is_empty}
        return {**written_subset(left, definition, order), **counted}

    case["expect"] = answer_of(operate)


def answer_mapping(case, context):
    upstream, downstream = definition_of(case["upstream"]), definition_of(case["downstream"])
    up = case["direction"] == "up"
    source, target = (downstream, upstream) if up else (upstream, downstream)
    order = all_keys(target)
    if case["mapping"] is None:
        mapping = infer_partition_mapping(None, downstream, upstream)
        case["inferred"] = written_mapping(mapping)
    else:
        mapping = mapping_of(case["mapping"])

    def mapped():
        subset = subset_of(source, case["input"], context)
        if not up:
            found = mapping.get_downstream_partitions_for_partitions(subset, upstream, downstream)
            return written_subset(found, target, order)
        found = mapping.get_upstream_mapped_partitions_result_for_partitions(
            subset, downstream, upstream
        )
        missing = found.required_but_nonexistent_subset
        in_time = hasattr(missing, "included_time_windows")
        return {
            **written_subset(found.partitions_subset, target, order),
            "requiredButNonexistent": written_subset(missing, target if in_time else None, []),
        }

    case["expect"] = answer_of(mapped)
    if case["expect"].get("error") == "Exception":
        case["marks"] = ["accident"]


def answered(case):
    """The case with its answers; None if it cannot be asked, or is too large."""
    try:
        definitions = [
            definition_of(case[part])
            for part in ("definition", "upstream", "downstream")
            if case.get(part)
        ]
    except Exception as error:
        if "upstream" in case or "op" in case:
            return None
        case["expect"] = {"error": type(error).__name__, "message": str(error)[:300]}
        return case
    try:
        with dg.DagsterInstance.ephemeral() as instance:
            for name, keys in case.get("dynamic", {}).items():
                if keys:
                    instance.add_dynamic_partitions(name, keys)
            with partition_loading_context(instant(case["now"]), instance) as context:
                for definition in definitions:
                    all_keys(definition)
                now = instant(case["now"])
                quirk = next(filter(None, (quirk_of(one, now) for one in definitions)), None)
                if quirk:
                    case.update(marks=["accident"], why=quirk)
                if "direction" in case:
                    answer_mapping(case, context)
                elif "op" in case:
                    answer_subset(case, context)
                else:
                    answer_keys(case)
    except Exception:
        return None
    return case


def in_time(case):
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        return answered(case)
    except TooLarge:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


for line in sys.stdin:
    print(json.dumps([in_time(case) for case in json.loads(line)]), flush=True)
