"""tf.config: threads and devices."""

from __future__ import annotations

from typing import NamedTuple

from cornu import _cornu
from cornu.errors import BadArgumentError

MAX_THREADS = 1024


class LogicalDevice(NamedTuple):
    """A device that computes."""

    name: str
    device_type: str


class _Threading:
    """tf.config.threading: how many threads a model that is loaded from now on computes with."""

    def __init__(self) -> None:
        self._intra = 0

    def set_intra_op_parallelism_threads(self, num_threads: int) -> None:
        """Takes the number of threads, 1 to 1024; 0: the cores this process may use. Raises BadArgumentError."""
        if not isinstance(num_threads, int) or not 0 <= num_threads <= MAX_THREADS:
            raise BadArgumentError(f"expected an integer from 0 to {MAX_THREADS}, received {num_threads!r}", "num_threads")
        self._intra = num_threads

    def get_intra_op_parallelism_threads(self) -> int:
        """The number of threads; 0: the cores this process may use."""
        return self._intra

    def set_inter_op_parallelism_threads(self, num_threads: int) -> None:
        """Accepted as in TensorFlow: one op runs after the other."""
        del num_threads

    def get_inter_op_parallelism_threads(self) -> int:
        """1: one op runs after the other."""
        return 1


threading = _Threading()


def list_physical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """The devices of the machine: its CPU."""
    return [device for device in (LogicalDevice("/physical_device:CPU:0", "CPU"),) if device_type in (None, device.device_type)]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """The devices that compute: the CPU."""
    return [device for device in (LogicalDevice("/device:CPU:0", "CPU"),) if device_type in (None, device.device_type)]


def available_cores() -> int:
    """The cores this process may use: of the machine, its affinity and its cgroup."""
    return _cornu.available_cores()
