"""Run the engine workloads of workloads.json on real Dagster and print JSON results.

    pip install dagster==1.13.27
    python dagster_engine.py workloads.json [--only PREFIX,PREFIX] [--reps 5] [--partial lines.jsonl] > results.json

Each workload is set up outside the timed region, run `reps` times (fewer when one repetition is slow; see `reps` in the
result) and reported as the median. Dagster's own function caches (functools.lru_cache on its partition classes) are
emptied before each repetition, so the figures are cold; `warm_ms`, where given, is a repetition straight after.
Per-key workloads stop after PER_KEY_BUDGET_S of CPU time and then say unitsDone < work; the checksum covers the units done.
"""
from __future__ import annotations
import argparse, asyncio, bisect, datetime as dt, gc, hashlib, json, logging, os, platform, statistics, sys, tempfile, time, warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
import dagster as dg
from dagster._core.definitions.partitions.context import partition_loading_context

UTC = dt.timezone.utc
PER_KEY_BUDGET_S = float(os.environ.get("PER_KEY_BUDGET_S", "6"))
SLOW_REP_S = 5.0      # after a repetition slower than this, do at most 3
VERY_SLOW_REP_S = 25.0  # ... at most 1
TOTAL_S = float(os.environ.get("TOTAL_S", "1e9"))  # stop repeating a workload after this much wall time (and MIN_REPS repetitions)
MIN_REPS = 1

# ---------------------------------------------------------------- vocabulary (that of test/vectors)
TIME_KINDS = {"hourly": dg.HourlyPartitionsDefinition, "daily": dg.DailyPartitionsDefinition,
              "weekly": dg.WeeklyPartitionsDefinition, "monthly": dg.MonthlyPartitionsDefinition}

def static_keys(d):
    if "keys" in d:
        return d["keys"]
    g = d["generate"]
    return [g["prefix"] + str(i).zfill(g["pad"]) for i in range(g.get("from", 0), g.get("from", 0) + g["count"])]

def build_def(d):
    k = d["kind"]
    if k == "static":
        return dg.StaticPartitionsDefinition(static_keys(d))
    if k == "dynamic":
        return dg.DynamicPartitionsDefinition(name=d["name"])
    if k == "multi":
        return dg.MultiPartitionsDefinition({n: build_def(x) for n, x in d["dimensions"].items()})
    kw = {}
    for j, p in {"timezone": "timezone", "fmt": "fmt", "endOffset": "end_offset", "minuteOffset": "minute_offset",
                 "hourOffset": "hour_offset", "dayOffset": "day_offset"}.items():
        if j in d:
            kw[p] = d[j]
    if "exclusions" in d:
        kw["exclusions"] = [x if len(x.split()) == 5 else dt.datetime.fromisoformat(x) for x in d["exclusions"]]
    if k == "timeWindow":
        return dg.TimeWindowPartitionsDefinition(start=d["start"], end=d.get("end"), cron_schedule=d["cron"], **kw)
    return TIME_KINDS[k](start_date=d["start"], end_date=d.get("end"), **kw)

def build_mapping(m):
    k = m["kind"]
    if k == "identity":
        return dg.IdentityPartitionMapping()
    if k == "all":
        return dg.AllPartitionMapping()
    if k == "last":
        return dg.LastPartitionMapping()
    if k == "timeWindow":
        return dg.TimeWindowPartitionMapping(
            start_offset=m.get("startOffset", 0), end_offset=m.get("endOffset", 0),
            allow_nonexistent_upstream_partitions=m.get("allowNonexistentUpstreamPartitions", False))
    if k == "static":
        return dg.StaticPartitionMapping(m["downstreamByUpstream"])
    if k == "specific":
        return dg.SpecificPartitionsPartitionMapping(m["keys"])
    if k == "multiToSingle":
        return dg.MultiToSingleDimensionPartitionMapping(partition_dimension_name=m.get("dimension"))
    if k == "multi":
        return dg.MultiPartitionMapping({
            up: dg.DimensionPartitionMapping(dimension_name=v["dimension"], partition_mapping=build_mapping(v["mapping"]))
            for up, v in m["dimensions"].items()})
    raise ValueError(k)

class Rng:
    def __init__(self, seed): self.s = seed & 0xFFFFFFFF
    def next(self):
        self.s = (self.s * 1664525 + 1013904223) & 0xFFFFFFFF
        return self.s
    def index(self, n): return (self.next() * n) >> 32
    def coin(self): return self.next() < 0x80000000

def checksum(items):
    return hashlib.sha256("\n".join(items).encode()).hexdigest()[:16]

# ---------------------------------------------------------------- harness
def cached_functions():
    """Every functools.lru_cache reachable on Dagster's partition and cron code."""
    out = []
    for name, mod in list(sys.modules.items()):
        if mod is None or not name.startswith("dagster") or ("partitions" not in name and "schedules" not in name and "_time" not in name):
            continue
        for v in list(vars(mod).values()):
            if hasattr(v, "cache_clear"):
                out.append(v)
            elif isinstance(v, type):
                out.extend(x for x in vars(v).values() if hasattr(x, "cache_clear"))
    return out

CACHES = cached_functions()

def clear_caches():
    for c in CACHES:
        try:
            c.cache_clear()
        except Exception:
            pass

class Times(list):
    """Wall ms per repetition; .cpu holds the process's CPU ms (what to compare when the machine is busy)."""
    def __init__(self, *a): super().__init__(*a); self.cpu = []

def measure(setup, body, reps, warm=False):
    """setup() -> state (untimed); body(state) -> (value, unitsDone). Returns times in ms and the last value."""
    times, value, units, warm_ms = Times(), None, None, None
    i = 0
    while i < reps:
        clear_caches(); state = setup(); gc.collect()
        c = time.process_time(); t = time.perf_counter(); value, units = body(state); e = time.perf_counter() - t
        times.append(e * 1000); times.cpu.append((time.process_time() - c) * 1000)
        if warm and i == 0:
            t = time.perf_counter(); body(state); warm_ms = (time.perf_counter() - t) * 1000
        i += 1
        if sum(times) / 1000 > TOTAL_S and i >= MIN_REPS: break
        if e > VERY_SLOW_REP_S: reps = min(reps, 1)
        elif e > SLOW_REP_S: reps = min(reps, 3)
    return times, value, units, warm_ms

class Bench:
    def __init__(self, spec, reps):
        self.spec, self.reps = spec, reps
        self.now = dt.datetime.fromisoformat(spec["now"].replace("Z", "+00:00"))
        self.keys_cache = {}

    def d(self, name): return build_def(self.spec["defs"][name])

    def keys(self, name):
        if name not in self.keys_cache:
            self.keys_cache[name] = [str(k) for k in self.d(name).get_partition_keys()]
        return self.keys_cache[name]

    # (a)
    def op_keys(self, w):
        def body(pd):
            ks = pd.get_partition_keys(); return ks, len(ks)
        t, ks, n, warm = measure(lambda: self.d(w["def"]), body, self.reps, warm=True)
        return t, n, [str(k) for k in ks], {"work": n, "unit": "keys", "warm_ms": warm}

    # (b)
    def lookups(self, w):
        ks = self.keys(w["def"]); r = Rng(w["seed"]); out = []
        for i in range(w["n"]):
            k = ks[r.index(len(ks))]
            if i % 4 == 1: k = "2999" + k[4:]
            elif i % 4 == 3: k += "x"
            out.append(k)
        return out

    def op_hasKey(self, w):
        keys = self.lookups(w)
        def body(pd):
            out = []; end = time.process_time() + PER_KEY_BUDGET_S
            for k in keys:
                out.append(pd.has_partition_key(k))
                if time.process_time() > end: break
            return out, len(out)
        t, v, n, _ = measure(lambda: self.d(w["def"]), body, self.reps)
        return t, sum(v), ["1" if x else "0" for x in v], {"work": w["n"], "unit": "lookups", "unitsDone": n}

    def op_window(self, w):
        ks = self.keys(w["def"]); r = Rng(w["seed"]); keys = [ks[r.index(len(ks))] for _ in range(w["n"])]
        def body(pd):
            out = []; end = time.process_time() + PER_KEY_BUDGET_S
            for k in keys:
                out.append(pd.time_window_for_partition_key(k))
                if time.process_time() > end: break
            return out, len(out)
        t, v, n, _ = measure(lambda: self.d(w["def"]), body, self.reps)
        return t, len(v), [f"{k} {int(x.start.timestamp())} {int(x.end.timestamp())}" for k, x in zip(keys, v)], {"work": w["n"], "unit": "windows", "unitsDone": n}

    # (c)
    def mapping_call(self, w, up, down, m):
        if w["op"] == "mapUp":
            return lambda s: m.get_upstream_mapped_partitions_result_for_partitions(s, down, up).partitions_subset
        return lambda s: m.get_downstream_partitions_for_partitions(s, up, down)

    def mapping(self, w):
        src_name = w["down"] if w["op"] == "mapUp" else w["up"]
        src_keys = self.keys(src_name)
        def setup():
            up, down, m = self.d(w["up"]), self.d(w["down"]), build_mapping(w["mapping"])
            src = down if w["op"] == "mapUp" else up
            call = self.mapping_call(w, up, down, m)
            if w["form"] == "whole":
                ks = self.select(src_name, w) if "select" in w else src_keys
                return call, src.subset_with_partition_keys(ks), len(ks)
            r = Rng(w["seed"])
            return call, [src_keys[r.index(len(src_keys))] for _ in range(w["n"])], src
        if w["form"] == "whole":
            def body(st):
                s = st[0](st[1]); return s, len(s)
            t, s, n, _ = measure(setup, body, self.reps)
            items = sorted(str(k) for k in s.get_partition_keys())
            return t, n, items, {"work": setup()[2], "unit": "source keys"}
        def body(st):
            call, keys, src = st; out = []; end = time.process_time() + PER_KEY_BUDGET_S
            for k in keys:
                out.append((k, list(call(src.subset_with_partition_keys([k])).get_partition_keys())))
                if time.process_time() > end: break
            return out, len(out)
        t, v, n, _ = measure(setup, body, self.reps)
        return t, sum(len(x) for _, x in v), [f"{k}>{','.join(sorted(str(y) for y in x))}" for k, x in v], {"work": w["n"], "unit": "keys mapped", "unitsDone": n}

    op_mapUp = op_mapDown = mapping

    # (d)
    def select(self, name, sel):
        ks = self.keys(name)
        if sel["select"] == "everyOther": return ks[::2]
        r = Rng(sel["seed"]); return [k for k in ks if r.coin()]

    def op_subset(self, w):
        name = w["a"]["def"]; which = w["which"]
        ka = self.select(name, w["a"]); kb = self.select(name, w["b"]) if "b" in w else None
        if which == "build":
            def body(pd):
                s = pd.subset_with_partition_keys(ka); return s, len(s)
            t, s, n, _ = measure(lambda: self.d(name), body, self.reps)
            return t, n, sorted(s.get_partition_keys()), {"work": len(ka), "unit": "keys in"}
        base = self.d(name); A = base.subset_with_partition_keys(ka); B = base.subset_with_partition_keys(kb) if kb else None
        def fresh(s):  # no cached lazies from an earlier repetition
            return type(s)(partitions_def=s.partitions_def, num_partitions=None, included_time_windows=list(s.included_time_windows))
        setup = lambda: (fresh(A), fresh(B) if B is not None else None, base)
        if which in ("union", "intersect", "difference"):
            f = {"union": lambda a, b: a | b, "intersect": lambda a, b: a & b, "difference": lambda a, b: a - b}[which]
            def body(st):
                s = f(st[0], st[1]); return s, len(s)
            t, s, n, _ = measure(setup, body, self.reps)
            return t, n, sorted(s.get_partition_keys()), {"work": len(ka) + len(kb), "unit": "keys in"}
        if which == "contains":
            ks = self.keys(name); r = Rng(w["seed"]); keys = [ks[r.index(len(ks))] for _ in range(w["n"])]
            def body(st):
                out = []; end = time.process_time() + PER_KEY_BUDGET_S
                for k in keys:
                    out.append(k in st[0])
                    if time.process_time() > end: break
                return out, len(out)
            t, v, n, _ = measure(setup, body, self.reps)
            return t, sum(v), ["1" if x else "0" for x in v], {"work": w["n"], "unit": "lookups", "unitsDone": n}
        if which == "ranges":
            def body(st):
                v = list(st[0].get_partition_key_ranges(st[2])); return v, len(v)
            t, v, n, _ = measure(setup, body, self.reps)
            return t, n, [f"{x.start}..{x.end}" for x in v], {"work": n, "unit": "ranges"}
        def body(st):
            v = list(st[0].get_partition_keys()); return v, len(v)
        t, v, n, _ = measure(setup, body, self.reps)
        return t, n, sorted(v), {"work": n, "unit": "keys"}

    # (e)
    def op_materialize(self, w):
        pd = self.d(w["def"]); keys = self.keys(w["def"])[: w["n"]]
        epoch = dt.date(1970, 1, 1)
        @dg.asset(partitions_def=pd)
        def first(context) -> int:
            return (dt.date.fromisoformat(context.partition_key) - epoch).days
        @dg.asset(partitions_def=pd)
        def second(first: int) -> int:
            return 2 * first + 1
        def body(inst):
            out = []
            for k in keys:
                r = dg.materialize([first, second], partition_key=k, instance=inst, resources={"io_manager": dg.InMemoryIOManager()},
                                   run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}})
                assert r.success
                out.append(r.output_for_node("second"))
            return out, len(out)
        t, v, n, _ = measure(lambda: dg.DagsterInstance.ephemeral(), body, self.reps)
        return t, sum(v), [str(x) for x in v], {"work": n, "unit": "runs", "storage": "in-memory"}

    # (f)
    def op_backfill(self, w):
        from dagster._core.execution import asset_backfill as ab
        from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
        from dagster._core.remote_origin import InProcessCodeLocationOrigin
        from dagster._core.test_utils import instance_for_test
        from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
        from dagster._core.workspace.context import WorkspaceProcessContext
        from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
        from dagster._daemon.backfill import execute_backfill_iteration
        from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
        keys = self.keys(w["def"]); execute = w["mode"] == "execute"
        overrides = {"run_launcher": {"module": "dagster._core.launcher.sync_in_memory_run_launcher", "class": "SyncInMemoryRunLauncher"}
                     if execute else {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"},
                     "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"}}  # 1.13's default queues runs
        quiet = logging.getLogger("quiet"); quiet.disabled = True
        logging.getLogger("dagster").setLevel(logging.ERROR)
        BACKFILL["def"] = self.spec["defs"][w["def"]]
        os.environ["DAGSTER_ENGINE_BENCH_DEF"] = json.dumps(BACKFILL["def"])
        os.environ["DAGSTER_ENGINE_BENCH_EXEC"] = "1" if execute else ""
        results = []
        reps = 1 if len(keys) >= 200 else min(self.reps, 3)
        for _ in range(reps):
            clear_caches()
            plan = {"s": 0.0}
            inner = ab._execute_asset_backfill_iteration_inner
            def timed_inner(*a, **k):
                t0 = time.perf_counter()
                try:
                    return inner(*a, **k)
                finally:
                    plan["s"] += time.perf_counter() - t0
            ab._execute_asset_backfill_iteration_inner = timed_inner
            try:
                with instance_for_test(overrides=overrides) as inst:
                    target = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(
                        LoadableTargetOrigin(executable_path=sys.executable, python_file=os.path.abspath(__file__), attribute="backfill_defs"),
                        location_name="bench"))
                    with WorkspaceProcessContext(inst, target) as wpc:
                        graph = wpc.create_request_context().asset_graph
                        t0 = time.perf_counter()
                        inst.add_backfill(PartitionBackfill.from_asset_partitions(
                            backfill_id="benchbf1", asset_graph=graph, partition_names=keys,
                            asset_selection=[dg.AssetKey("a"), dg.AssetKey("b")], backfill_timestamp=time.time(), tags={},
                            dynamic_partitions_store=inst, all_partitions=False, title=None, description=None,
                            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}))
                        create = time.perf_counter() - t0
                        iters, per_iter, complete_s, seen = 0, [], 0.0, 0
                        while True:
                            t0 = time.perf_counter()
                            errs = [e for e in execute_backfill_iteration(wpc, quiet) if e]
                            per_iter.append(time.perf_counter() - t0); iters += 1
                            if errs: raise RuntimeError(str(errs[0])[:2000])
                            bf = inst.get_backfill("benchbf1")
                            if bf.status not in (BulkActionStatus.REQUESTED,) or iters > 20: break
                            if not execute:
                                t0 = time.perf_counter(); q = inst.run_launcher.queue()
                                for run in q[seen:]:
                                    for ak in sorted(run.asset_selection, key=str):
                                        inst.report_dagster_event(DagsterEvent(
                                            event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value, job_name=run.job_name, step_key=ak.to_python_identifier(),
                                            event_specific_data=StepMaterializationData(dg.AssetMaterialization(ak, partition=run.tags["dagster/partition"]))), run_id=run.run_id)
                                    inst.report_dagster_event(DagsterEvent(event_type_value=DagsterEventType.PIPELINE_SUCCESS.value, job_name=run.job_name), run_id=run.run_id)
                                seen = len(q); complete_s += time.perf_counter() - t0
                        mats = {a: sorted(inst.get_materialized_partitions(dg.AssetKey(a))) for a in ("a", "b")}
                        runs = inst.get_runs_count()
                results.append({"total": sum(per_iter), "plan": plan["s"], "per_iter": per_iter, "iters": iters, "runs": runs,
                                "create": create, "complete": complete_s, "status": bf.status.value, "mats": mats})
            finally:
                ab._execute_asset_backfill_iteration_inner = inner
        r = results[-1]
        items = sorted(f"{a}|{k}" for a, ks in r["mats"].items() for k in ks)
        med = lambda f: statistics.median(f(x) for x in results)
        extra = {"work": len(keys) * 2, "unit": "asset partitions", "iterations": r["iters"], "runs": r["runs"], "status": r["status"],
                 "planning_ms": round(med(lambda x: x["plan"]) * 1000, 2),
                 "per_iteration_ms": [round(x * 1000, 1) for x in r["per_iter"]], "create_backfill_ms": round(med(lambda x: x["create"]) * 1000, 2),
                 "storage": "sqlite in a temporary folder",
                 "note": ("whole iterations with run execution inside" if execute else
                          "whole daemon iterations incl. run creation/submission; planning_ms = only the planning function; harness completing runs not counted")}
        return [x["total"] * 1000 for x in results], len(items), items, extra

    # (g)
    def op_status(self, w):
        from dagster._core.definitions.partitions.utils.time_window import PartitionRangeStatus, fetch_flattened_time_window_ranges
        pd = self.d(w["def"]); ks = self.keys(w["def"]); n = len(ks)
        def pick(s):
            if s == "all": return list(range(n))
            if "every" in s: return list(range(0, n, s["every"]))
            return list(range(s["from"], s["to"]))
        sub = lambda s: pd.subset_with_partition_keys([ks[i] for i in pick(s)])
        m, f, p = (sub(w["shape"][x]) for x in ("materialized", "failed", "inProgress"))
        def body(_):
            r = fetch_flattened_time_window_ranges({PartitionRangeStatus.MATERIALIZED: m, PartitionRangeStatus.FAILED: f, PartitionRangeStatus.MATERIALIZING: p})
            out = []
            for x in r:  # what dagster_graphql's build_partition_statuses does per range (there even twice)
                kr = pd.get_partition_key_range_for_time_window(x.time_window)
                out.append((kr.start, kr.end, x.status.value))
            return out, len(out)
        t, v, c, _ = measure(lambda: None, body, self.reps)
        return t, c, [f"{a}..{b} {s}" for a, b, s in v], {"work": n, "unit": "partitions"}

    # (h)
    def op_staleness(self, w):
        from dagster._core.definitions.data_version import CachingStaleStatusResolver
        from dagster._core.workspace.context import WorkspaceRequestContext  # noqa: F401
        from dagster._core.loader import LoadingContextForTest
        pd = self.d(w["def"]); keys = self.keys(w["def"])
        @dg.asset(partitions_def=pd)
        def a(): ...
        @dg.asset(partitions_def=pd, deps=[a])
        def b(): ...
        defs = dg.Definitions([a, b]); graph = defs.resolve_asset_graph()
        inst = dg.DagsterInstance.ephemeral()
        A = dg.AssetKey("a"); ids = {}
        for k in keys:
            inst.report_runless_asset_event(dg.AssetMaterialization("a", partition=k, tags={"dagster/data_version": "v1"}))
        recs = inst.fetch_materializations(dg.AssetRecordsFilter(asset_key=A) if hasattr(dg, "AssetRecordsFilter") else A, limit=len(keys) + 10).records
        ids = {r.partition_key: r.storage_id for r in recs}
        for k in keys:
            inst.report_runless_asset_event(dg.AssetMaterialization("b", partition=k, tags={
                "dagster/data_version": "w1", "dagster/input_data_version/a": "v1", "dagster/input_event_pointer/a": str(ids[k])}))
        for k in keys[::2]:
            inst.report_runless_asset_event(dg.AssetMaterialization("a", partition=k, tags={"dagster/data_version": "v2"}))
        B = dg.AssetKey("b")
        def body(_):
            res = CachingStaleStatusResolver(instance=inst, asset_graph=graph, loading_context=LoadingContextForTest(inst))
            out = []; end = time.process_time() + PER_KEY_BUDGET_S
            for k in keys:
                out.append(res.get_status(B, k).value)
                if time.process_time() > end: break
            return out, len(out)
        t, v, n, _ = measure(lambda: None, body, self.reps)
        return t, sum(x == "STALE" for x in v), [f"{k} {x}" for k, x in zip(keys, v)], {"work": len(keys), "unit": "partitions", "unitsDone": n, "storage": "in-memory sqlite"}

    # (i)
    def op_validateConfig(self, w):
        from enum import Enum
        def field(s):
            if isinstance(s, dict) and "optional" in s: return dg.Field(ctype(s["optional"]), is_required=False)
            return dg.Field(ctype(s))
        def ctype(s):
            if isinstance(s, list): return [ctype(s[0])]
            if isinstance(s, dict):
                if "enum" in s:
                    return dg.Enum("Mode", [dg.EnumValue(x) for x in s["enum"]])
                return {k: field(v) for k, v in s.items()}
            return {"int": int, "string": str, "float": float, "bool": bool}[s]
        @dg.op(config_schema={k: field(v) for k, v in w["schema"].items()})
        def load(context): ...
        @dg.job
        def j(): load()
        cfgs = []
        for i in range(w["n"]):
            c = json.loads(json.dumps(w["value"]))
            if i % 4 == 3: del c["count"]
            elif i % 4 == 1: c["threshold"] = "high"
            cfgs.append({"ops": {"load": {"config": c}}})
        dg.validate_run_config(j, cfgs[0])
        def body(_):
            out = []; end = time.process_time() + PER_KEY_BUDGET_S
            for c in cfgs:
                try:
                    dg.validate_run_config(j, c); out.append("1")
                except dg.DagsterInvalidConfigError:
                    out.append("0")
                if time.process_time() > end: break
            return out, len(out)
        t, v, n, _ = measure(lambda: None, body, self.reps)
        return t, v.count("1"), v, {"work": w["n"], "unit": "validations", "unitsDone": n}

    # (j)
    def op_schedule(self, w):
        pd = self.d(w["def"])
        @dg.asset(partitions_def=pd)
        def a(): ...
        job = dg.define_asset_job("j", [a], partitions_def=pd)
        sched = dg.build_schedule_from_partitioned_job(job)
        defs = dg.Definitions([a], jobs=[job], schedules=[sched])
        repo = defs.get_repository_def()
        sd = repo.get_schedule_def(sched.name)
        start = dt.datetime.fromisoformat(w["from"].replace("Z", "+00:00"))
        ticks = [start + dt.timedelta(days=i) for i in range(w["n"])]
        inst = dg.DagsterInstance.ephemeral()
        def body(_):
            out = []
            for t in ticks:
                with dg.build_schedule_context(instance=inst, scheduled_execution_time=t, repository_def=repo) as ctx:
                    d = sd.evaluate_tick(ctx)
                out.append((t, d.run_requests[0].partition_key))
            return out, len(out)
        t, v, n, _ = measure(lambda: None, body, self.reps)
        return t, n, [f"{x.strftime('%Y-%m-%dT%H:%M:%SZ')} {k}" for x, k in v], {"work": n, "unit": "ticks"}

    def run(self, w):
        with partition_loading_context(effective_dt=self.now):
            t, count, items, extra = getattr(self, "op_" + w["op"])(w)
        med = statistics.median(t)
        done = extra.get("unitsDone", extra["work"])
        return {"id": w["id"], "op": w["op"], "median_ms": round(med, 4), "min_ms": round(min(t), 4), "max_ms": round(max(t), 4), "all_ms": [round(x, 4) for x in t], "reps": len(t),
                **({"cpu_median_ms": round(statistics.median(t.cpu), 4), "cpu_us_per_unit": round(statistics.median(t.cpu) * 1000 / done, 4) if done else None} if getattr(t, "cpu", None) else {}),
                "units_per_s": round(done / (med / 1000), 1) if med else None, "us_per_unit": round(med * 1000 / done, 4) if done else None,
                "count": count, "checksum": checksum(items), **{k: (round(v, 4) if isinstance(v, float) else v) for k, v in extra.items()}}

# loaded again by Dagster's in-process code location for the backfill workloads
BACKFILL = {}

def _backfill_defs():
    d = json.loads(os.environ.get("DAGSTER_ENGINE_BENCH_DEF", "null"))
    if not d:
        return dg.Definitions()
    pd = build_def(d)
    @dg.asset(partitions_def=pd)
    def a() -> None: ...
    @dg.asset(partitions_def=pd, deps=[a])
    def b() -> None: ...
    return dg.Definitions([a, b], executor=dg.in_process_executor, resources={"io_manager": dg.InMemoryIOManager()})

if __name__ != "__main__":
    backfill_defs = _backfill_defs()

def main():
    ap = argparse.ArgumentParser(); ap.add_argument("workloads"); ap.add_argument("--only"); ap.add_argument("--reps", type=int, default=5)
    ap.add_argument("--partial", help="also append each result to this file as a JSON line")
    a = ap.parse_args()
    spec = json.load(open(a.workloads)); b = Bench(spec, a.reps); out = []
    for w in spec["workloads"]:
        if a.only and not any(w["id"].startswith(p) for p in a.only.split(",")):
            continue
        t0 = time.time()
        try:
            r = b.run(w)
        except Exception as e:
            import traceback; traceback.print_exc()
            r = {"id": w["id"], "op": w["op"], "error": f"{type(e).__name__}: {str(e)[:400]}"}
        out.append(r)
        if a.partial:
            with open(a.partial, "a") as f: f.write(json.dumps(r) + "\n")
        print(f"{w['id']:42} {r.get('median_ms', r.get('error'))} ms  count={r.get('count')} ({time.time()-t0:.1f}s)", file=sys.stderr, flush=True)
    json.dump({"engine": "dagster", "version": dg.__version__, "python": platform.python_version(), "cpus": os.cpu_count(),
               "load": [round(x, 2) for x in os.getloadavg()], "date": dt.datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "results": out}, sys.stdout, indent=1)
    print()

if __name__ == "__main__":
    main()
