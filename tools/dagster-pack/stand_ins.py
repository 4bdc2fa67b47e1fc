"""Stands in for modules that need processes, sockets or native threads, none of which a browser has.

Dagster imports them at its start and calls them only when it serves code or watches files. Import this first.
"""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

NAMES = (
    "grpc",
    "grpc._cython",
    "grpc._cython.cygrpc",
    "grpc._utilities",
    "grpc.aio",
    "grpc.experimental",
    "grpc_health",
    "grpc_health.v1",
    "grpc_health.v1.health",
    "grpc_health.v1.health_pb2",
    "grpc_health.v1.health_pb2_grpc",
    "watchdog",
    "watchdog.events",
    "watchdog.observers",
    "watchdog.observers.polling",
    "multiprocessing.synchronize",
    "_multiprocessing",
)


class StandIn(ModuleType):
    """A module in which every name is found: classes for capitalised names, functions for others."""

    def __init__(self, name):
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)
        self.__path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = type(name, (), {}) if name[0].isupper() else lambda *args, **kwargs: None
        setattr(self, name, value)
        return value


for name in NAMES:
    module = StandIn(name)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)

# Asked while generated code is imported: whether the installed grpc is too old for it.
sys.modules["grpc._utilities"].first_version_is_lower = lambda first, second: False
